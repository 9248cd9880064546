//! The health page's thread, where the settings ask for one.

use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::Duration;

use super::back_room::FactFinder;
use super::courier::Handle;
use super::{Shared, supervise};
use crate::health::HealthPage;

const LISTEN: Duration = Duration::from_millis(100);
/// Another program may have the port, and may give it up.
const TRY_AGAIN: Duration = Duration::from_secs(30);

pub(super) fn start(shared: Shared, courier: Handle, address: SocketAddr) -> std::io::Result<JoinHandle<()>> {
    supervise("health", shared.clone(), None, move || {
        let mut facts = FactFinder::new(shared.clone(), courier.clone());
        while !shared.stop.is_set() {
            match HealthPage::open(address) {
                Ok(page) => {
                    while !shared.stop.is_set() {
                        page.answer(&shared.config.kiosk_id, || facts.facts());
                        shared.stop.sleep(LISTEN);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, %address, "the health page cannot be opened");
                    shared.stop.sleep(TRY_AGAIN);
                }
            }
        }
    })
}

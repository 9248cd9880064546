//! Any bytes → a picture or an error: the entry of the picture decoder.

#![no_main]

use libfuzzer_sys::fuzz_target;

// Inside a module, so that the decoder finds its own part where it is.
#[path = "../../src/photo"]
mod photo {
    #[allow(dead_code)]
    pub mod decode;
}

use photo::decode;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(picture) = decode::decode_picture(bytes) {
        assert!(picture.width() > 0 && picture.height() > 0);
        assert!(u64::from(picture.width()) * u64::from(picture.height()) <= decode::MAX_PIXELS);
    }
});

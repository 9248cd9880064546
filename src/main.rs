//! The command line; everything else is in the library.

use std::alloc::System;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use szz_kiosk::command::exit::{self, Exit};
use szz_kiosk::command::{
    audit, booth, camera, check_config, doctor, enroll, generate, matte, mint_code, operator, photo, plate, queue,
    report, roster, scan, verify,
};
use szz_kiosk::process;
use zeroizing_alloc::ZeroAlloc;

/// 速证照: a photo booth for graduation e-photos
#[derive(Debug, Parser)]
#[command(version = szz_kiosk::VERSION, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(booth::RunArgs),
    #[cfg(feature = "demo")]
    Demo(booth::DemoArgs),
    CheckConfig(check_config::CheckConfigArgs),
    Enroll(enroll::EnrollArgs),
    Doctor(doctor::DoctorArgs),
    Camera(camera::CameraArgs),
    Photo(photo::PhotoArgs),
    Plate(plate::PlateArgs),
    Matte(matte::MatteArgs),
    Scan(scan::ScanArgs),
    MintCode(mint_code::MintCodeArgs),
    Roster(roster::RosterArgs),
    Queue(queue::QueueArgs),
    Verify(Box<verify::VerifyArgs>),
    Operator(operator::OperatorArgs),
    Audit(audit::AuditArgs),
    Report(report::ReportArgs),
    Generate(generate::GenerateArgs),
}

/// Wipes what is freed, whoever held it: names and pictures of a visit that is over are not left in memory. Also counts
/// allocations, for `doctor` and `demo --measure-preview`.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<&StatsAlloc<System>> = ZeroAlloc(&INSTRUMENTED_SYSTEM);

fn main() -> ExitCode {
    process::begin();
    let arguments = Arguments::parse();
    szz_kiosk::log::start();
    exit::end_with_the_reader();
    let outcome = match arguments.command {
        Command::Run(args) => booth::run(&args),
        #[cfg(feature = "demo")]
        Command::Demo(args) => booth::demo(&args),
        Command::CheckConfig(args) => check_config::run(&args),
        Command::Enroll(args) => enroll::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Camera(args) => camera::run(&args),
        Command::Photo(args) => photo::run(&args),
        Command::Plate(args) => plate::run(&args),
        Command::Matte(args) => matte::run(&args),
        Command::Scan(args) => scan::run(&args),
        Command::MintCode(args) => mint_code::run(&args),
        Command::Roster(args) => roster::run(&args),
        Command::Queue(args) => queue::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Operator(args) => operator::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Generate(args) => generate::run(&args, Arguments::command()),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("szz-kiosk: {error:#}");
        Exit::CannotRun.into()
    })
}

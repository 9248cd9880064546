//! What is said about USB sticks.

use crate::operator::{StickProblem, StickWork};
use crate::visit::Language::{self, Chinese, English};

/// Headline and what to do.
pub fn stick_work(language: Language, work: StickWork) -> Option<(String, String)> {
    let pair = |headline: &str, line: &str| Some((headline.to_owned(), line.to_owned()));
    match (language, work) {
        (_, StickWork::Nothing) => None,
        (Chinese, StickWork::Working { done, of }) => {
            Some((format!("正在处理：{done} / {}", of.max(done)), "请不要拔出 U 盘".to_owned()))
        }
        (English, StickWork::Working { done, of }) => {
            Some((format!("Working: {done} of {}", of.max(done)), "Do not unplug the stick".to_owned()))
        }
        (Chinese, StickWork::Exported { records: 0, .. }) => {
            pair("没有要导出的照片", "没有照片在等待上传。被拒收的请在“照片队列”里处理")
        }
        (English, StickWork::Exported { records: 0, .. }) => {
            pair("Nothing to export", "No photo is waiting. Refused ones are in \"Photo list\"")
        }
        (Chinese, StickWork::Exported { records, added }) => Some((
            format!("已导出并核对：共 {records} 张，本次新增 {added} 张"),
            "可以拔出 U 盘。把 .bundle 文件交给中心服务器，再带回回执文件".to_owned(),
        )),
        (English, StickWork::Exported { records, added }) => Some((
            format!("Exported and read back. Photos: {records}, new: {added}"),
            "Unplug the stick, hand the .bundle file to the central server, bring its receipt file back".to_owned(),
        )),
        (Chinese, StickWork::ReportWritten) => {
            pair("日报已导出", "U 盘上有 .csv（表格）和 .html（打印）两个文件，可以拔出 U 盘")
        }
        (English, StickWork::ReportWritten) => {
            pair("The report is on the stick", "A .csv for spreadsheets and an .html to print. Unplug the stick")
        }
        (Chinese, StickWork::Imported { received, refused, pending }) => Some((
            format!("新收到回执 {received} 张，被拒 {refused} 张，待上传还有 {pending} 张"),
            "被拒的照片在“照片队列”里有原因".to_owned(),
        )),
        (English, StickWork::Imported { received, refused, pending }) => Some((
            format!("Receipts taken in: {received}, refused: {refused}, still waiting: {pending}"),
            "\"Photo list\" says why photos were refused".to_owned(),
        )),
        (Chinese, StickWork::Failed(problem)) => match problem {
            StickProblem::NotSetUp => pair("还不能导出", "请 IT 在 [server] 填写 url、public_key 和 bundle_key"),
            StickProblem::Gone => pair("U 盘已拔出", "请重新插入后再试，照片都还在本机"),
            StickProblem::CannotWrite => pair("U 盘写不进去", "可能已满、写保护或已损坏：请换一个，再点一次就能继续"),
            StickProblem::Untrustworthy => pair("U 盘读回的内容不对", "这个 U 盘不可靠，请换一个；照片都还在本机"),
            StickProblem::OtherFile => pair("U 盘上有同名的其他文件", "请换一个 U 盘，或由 IT 处理该文件"),
            StickProblem::NoReceipts => pair("U 盘上没有回执文件", "请把服务器给的 .json 回执放在 U 盘最外层"),
            StickProblem::Erased => pair("照片已清除", "没有可以导出的内容"),
            StickProblem::Other => pair("没有完成", "没有丢失任何照片；再试一次，仍不行请联系 IT"),
        },
        (English, StickWork::Failed(problem)) => match problem {
            StickProblem::NotSetUp => pair("Not possible yet", "IT sets url, public_key and bundle_key in [server]"),
            StickProblem::Gone => pair("The stick is gone", "Plug it in again; the photos are still here"),
            StickProblem::CannotWrite => pair(
                "The stick cannot be written",
                "It is full, protected or broken: use another one and press again to go on",
            ),
            StickProblem::Untrustworthy => pair(
                "The stick reads back something else",
                "It cannot be trusted, use another one; the photos are still here",
            ),
            StickProblem::OtherFile => {
                pair("Another file of that name is on the stick", "Use another stick, or ask IT")
            }
            StickProblem::NoReceipts => {
                pair("No receipt file on the stick", "Put the server's .json file at the top of the stick")
            }
            StickProblem::Erased => pair("The photo was erased", "There is nothing to take along"),
            StickProblem::Other => pair("Not finished", "No photo is lost; try again, then call IT"),
        },
    }
}

/// What one record on a stick is for.
pub fn record_note(language: Language, number: &str) -> String {
    match language {
        Chinese => format!("只导出这一张（{number}）。文件已加密，只有中心服务器能打开"),
        English => format!("This photo only ({number}). Only the central server can open the file"),
    }
}

pub fn day_note(language: Language, day: &str) -> String {
    match language {
        Chinese => format!("{day} 的数字，没有姓名：一个表格文件，一个打印文件"),
        English => format!("The numbers of {day}, no names: a file for spreadsheets and one to print"),
    }
}

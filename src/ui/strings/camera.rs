//! What is wrong with the camera, in words for students and staff.

use crate::visit::CameraTrouble;
use crate::visit::Language::{self, Chinese, English};

/// Why the camera gives no picture, and what staff do about it.
pub fn trouble(language: Language, trouble: CameraTrouble) -> (&'static str, &'static str) {
    match (language, trouble) {
        (Chinese, CameraTrouble::Missing) => ("没有连接摄像头", "工作人员：请插紧摄像头的 USB 线"),
        (English, CameraTrouble::Missing) => ("The camera is not connected", "Staff: plug its USB cable in firmly"),
        (Chinese, CameraTrouble::Busy) => ("摄像头被其他程序占用", "工作人员：请关闭正在使用摄像头的程序"),
        (English, CameraTrouble::Busy) => {
            ("Another program uses the camera", "Staff: close the program that uses the camera")
        }
        (Chinese, CameraTrouble::Forbidden) => ("没有权限打开摄像头", "工作人员：请联系 IT 检查设备权限"),
        (English, CameraTrouble::Forbidden) => {
            ("The camera may not be opened", "Staff: have IT check the permissions of the device")
        }
        (Chinese, CameraTrouble::NoMode) => ("摄像头的画面格式不受支持", "工作人员：请换一个摄像头"),
        (English, CameraTrouble::NoMode) => ("The camera's pictures cannot be read", "Staff: use another camera"),
        (Chinese, CameraTrouble::Silent) => ("摄像头没有响应", "工作人员：若一分钟后仍未恢复，请重新插拔 USB 线"),
        (English, CameraTrouble::Silent) => {
            ("The camera does not answer", "Staff: if it lasts a minute, unplug the USB cable and plug it in again")
        }
        (Chinese, CameraTrouble::Frozen) => ("摄像头画面静止不动", "工作人员：若一分钟后仍未恢复，请重新插拔 USB 线"),
        (English, CameraTrouble::Frozen) => {
            ("The camera's picture is frozen", "Staff: if it lasts a minute, unplug the USB cable and plug it in again")
        }
        (Chinese, CameraTrouble::Black) => ("摄像头画面全黑", "工作人员：请打开镜头盖，打开灯光"),
        (English, CameraTrouble::Black) => {
            ("The camera's picture is black", "Staff: uncover the lens, switch the lamps on")
        }
        (Chinese, CameraTrouble::Damaged) => ("摄像头画面损坏", "工作人员：请换一根 USB 线或换一个接口"),
        (English, CameraTrouble::Damaged) => {
            ("The camera's pictures are broken", "Staff: use another USB cable or socket")
        }
        (Chinese, CameraTrouble::Other) => ("摄像头无法使用", "工作人员：请重新插拔 USB 线；仍不行请联系 IT"),
        (English, CameraTrouble::Other) => {
            ("The camera cannot be used", "Staff: unplug it and plug it in again; else call IT")
        }
    }
}

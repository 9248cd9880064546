//! The Chinese texts. This is the language the screens are designed in.

use super::Strings;
use crate::visit::Language;

pub const CHINESE: Strings = Strings {
    language: Language::Chinese,

    brand: "速证照",
    brand_note: "毕业证件照自助采集",
    other_language: "English",
    leave: "退出",
    steps: ["关联学籍", "绑定微信号", "照片拍摄", "确认提交"],
    step_later: "绑定微信号（稍后）",
    demo_ribbon: "演示模式：相机和学籍均为模拟，照片不会用于学历注册",

    still_there: "您还在吗？",
    still_there_yes: "继续使用",

    welcome_headline: "简单四步，轻松采集",
    welcome_note: "毕业证件照自助采集：现场拍照、自动换背景、即时检测，不满意可以重拍",
    welcome_steps: [
        "出示图像采集码，核对学籍信息",
        "拍完后再绑定，可查审核结果",
        "按屏幕提示坐好，自动拍摄",
        "检测合格，确认后提交",
    ],
    start: "开始采集",
    welcome_bring: "请先在“学信网”公众号、APP 或学信档案中打开您的图像采集码",
    welcome_plate: "工作人员：请重拍背景底图，方法见操作说明。不影响使用",

    scan_title: "请出示图像采集码",
    scan_note: "将手机上的采集码对准镜头，识别后自动进入下一步",
    scan_hints: ["把手机屏幕亮度调到最高", "手机距镜头 10–20 厘米", "让整个二维码落在取景框内"],
    scan_no_code: "还没有采集码？",
    scan_no_code_where: "用手机登录“学信网”公众号、APP 或学信档案，选择本次毕业的学籍，即可查看采集码",
    scan_aim: "请将采集码放入框内",
    camera_waking: "正在打开摄像头…",

    confirm_title: "请核对学籍信息",
    confirm_note: "姓名和证件号已隐去一部分，只供您本人核对",
    school: "学校名称",
    category: "学历类别",
    level: "层次",
    major: "专业",
    name: "姓名",
    document: "证件号后四位",
    not_me: "这不是我",
    is_me: "是我，下一步",

    agreement_note: "请上下滑动，阅读全文",
    disagree: "不同意，离开",
    agree: "下一步",
    agreement_tick_both: "勾选以上两项后，才能进入下一步",

    crown_line: "头顶",
    eyes_line: "眼睛",
    chin_line: "下巴",
    shoot_now: "立即拍照",
    shoots_itself: "姿势合适后会自动拍摄",
    retake_title: "上一张没有通过",
    framing_tips: ["摘下帽子，露出眉毛和双耳", "双唇自然闭合，目视镜头", "坐正，双肩放平"],
    countdown_title: "请看镜头，保持不动",
    countdown_note: "马上拍摄",

    developing_title: "正在制作照片",
    developing_note: "正在检测尺寸、更换背景，请在座位上稍等几秒",
    review_title: "照片检测合格",
    review_note: "请确认照片清晰、表情自然。满意就提交，不满意可以重拍",
    review_measured: "本张",
    review_allowed: "要求",
    review_advice: "有几点可以改进，您也可以直接提交",
    portrait_name: "您的证件照",
    retake: "重拍",
    accept: "确认并提交",
    saving_title: "正在保存照片",
    saving_note: "请稍候，暂时不要离开",

    done_title: "照片已提交",
    done_note: "照片已安全保存，您可以离开了",
    order_number: "订单号",
    done_next_title: "接下来",
    done_next: [
        "设备联网后，照片会自动上传，无需您操作",
        "打开“速证照”小程序，绑定微信号",
        "在小程序的个人中心查看审核结果；若未通过，可重新提交，不再收费",
    ],
    done: "完成",

    out_of_service_title: "设备暂停服务",
    out_of_service_staff: "请联系现场工作人员，或换一台设备",
};

//! A burst: more at once than anybody keeps in mind.

use crate::desk::Desk;
use picferry_tests::pictures;

const BURST: u32 = 5000;

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_five_thousand_files_is_sent_each_once() {
    let desk = Desk::new().await;
    desk.watch().await;
    desk.until_watching().await;
    for number in 0..BURST {
        // All in one go, and some of them in new folders.
        let folder = if number % 7 == 0 { format!("{}/", number % 70) } else { String::new() };
        desk.bring(&format!("{folder}{number}.png"), pictures::png(u64::from(number) + 1));
    }
    let state = desk.until_stored(BURST).await;
    assert_eq!((state.stored, state.failed), (BURST, 0));
    assert_eq!(desk.keys().len(), BURST as usize);
    assert!(desk.engine().jobs().len() <= 1000, "{} are on the list", desk.engine().jobs().len());
}

//! No picture has boxes: what the font that comes along cannot draw is said otherwise.

use super::{all, parsed};
use gatherd::chart::{Theme, can_draw, png};

const NAMES: [&str; 6] = [
    "東京データ部",
    "مجموعة القاهرة",
    "दिल्ली समूह",
    "Rustaceans 🦀",
    "กรุงเทพ",
    "한국 모임",
];

/// The texts that a PNG draws.
fn texts(svg: &str) -> Vec<String> {
    let picture = parsed(svg);
    let texts = picture
        .descendants()
        .filter(|it| it.tag_name().name() == "text");
    texts
        .map(|it| it.text().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_name_that_the_font_lacks_is_told_by_its_urlname_in_every_chart() {
    for name in NAMES {
        assert!(!name.chars().all(can_draw), "{name}");
        for chart in all(name, "acme-tokyo", name) {
            let svg = chart.standing_alone_in(Theme::Light, &can_draw);
            let drawn = texts(&svg);
            assert!(
                drawn.iter().any(|it| it.contains("acme-tokyo")),
                "{drawn:?}"
            );
            for text in &drawn {
                assert!(text.chars().all(can_draw), "{text}");
                assert!(!text.contains('?'), "{text}");
            }
            // In a browser, and for those who listen, it is there.
            assert!(
                texts(&chart.standing_alone(Theme::Light))
                    .iter()
                    .any(|it| it.contains(name))
            );
            assert!(chart.title().contains(name));
            assert!(png(&chart, Theme::Light).is_ok());
        }
    }
}

#[test]
fn a_name_that_the_font_has_stays_and_a_urlname_it_lacks_makes_no_boxes() {
    for name in ["Ügyfél Łódź", "Ελλάδα", "Київ Rust", "São Paulo – Ana’s"] {
        assert!(name.chars().all(can_draw), "{name}");
        let drawn = texts(&all(name, "x", "y")[1].standing_alone_in(Theme::Light, &can_draw));
        assert!(drawn.iter().any(|it| it.contains(name)), "{drawn:?}");
    }
    let drawn = texts(&all("東京", "東京", "東京")[1].standing_alone_in(Theme::Light, &can_draw));
    assert!(drawn.iter().any(|it| it.contains("??")), "{drawn:?}");
}

#[test]
fn a_png_is_a_picture_of_the_size_of_the_chart_in_either_theme() {
    for chart in all("Acme", "acme", "Ana") {
        let [light, dark] = [Theme::Light, Theme::Dark].map(|theme| png(&chart, theme).unwrap());
        assert_ne!(light, dark);
        for picture in [light, dark] {
            assert_eq!(&picture[..8], b"\x89PNG\r\n\x1a\n");
            let wide = u32::from_be_bytes(picture[16..20].try_into().unwrap());
            assert_eq!(wide, 1_008);
            assert!(picture.len() < 200_000);
        }
    }
}

//! A chart as PNG, with a font that comes with the program.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

use super::drawing::Chart;
use super::style::Theme;

/// DejaVu Sans, cut down to Latin, Greek and Cyrillic: assets/dejavu/LICENSE.
static FONT: &[u8] = include_bytes!("../../assets/dejavu/DejaVuSans.ttf");
/// How it calls itself.
const FAMILY: &str = "DejaVu Sans";
/// Pixels for each unit of the view box.
const SCALE: f32 = 2.0;

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    fonts.load_font_data(FONT.to_vec());
    fonts.set_sans_serif_family(FAMILY);
    Arc::new(fonts)
});

static FACE: LazyLock<Option<ttf_parser::Face<'static>>> =
    LazyLock::new(|| ttf_parser::Face::parse(FONT, 0).ok());

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The SVG is none: a mistake of ours.
    #[error("the chart cannot be drawn: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// The picture has no size, or cannot be written.
    #[error("the chart cannot be written as PNG")]
    Picture,
}

/// Whether the font has a character.
pub fn can_draw(c: char) -> bool {
    let face = FACE.as_ref();
    face.is_some_and(|face| face.glyph_index(c).is_some())
}

/// The chart as PNG, in one theme: 1,008 pixels wide.
///
/// # Errors
///
/// If it cannot be drawn.
pub fn png(chart: &Chart, theme: Theme) -> Result<Vec<u8>, PngError> {
    let theme = match theme {
        Theme::Reader => Theme::Light,
        theme => theme,
    };
    let svg = chart.standing_alone_in(theme, &can_draw);
    let options = Options {
        fontdb: Arc::clone(&FONTS),
        font_family: FAMILY.to_owned(),
        ..Options::default()
    };
    let tree = Tree::from_str(&svg, &options)?;
    let size = tree.size().to_int_size();
    let size = size.scale_by(SCALE).ok_or(PngError::Picture)?;
    let mut picture = Pixmap::new(size.width(), size.height()).ok_or(PngError::Picture)?;
    let transform = Transform::from_scale(SCALE, SCALE);
    resvg::render(&tree, transform, &mut picture.as_mut());
    packed(&picture).ok_or(PngError::Picture)
}

/// Large plain areas pack best as they are; nothing is seen through them, so that nothing is said of that. A third of
/// what the drawing library's own writer makes of it.
fn packed(picture: &Pixmap) -> Option<Vec<u8>> {
    let pixels = picture.pixels();
    if pixels.iter().any(|pixel| !pixel.is_opaque()) {
        return picture.encode_png().ok();
    }
    let colours = pixels
        .iter()
        .flat_map(|it| [it.red(), it.green(), it.blue()]);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Best);
    encoder.set_filter(png::FilterType::NoFilter);
    let mut writer = encoder.write_header().ok()?;
    writer
        .write_image_data(&colours.collect::<Vec<u8>>())
        .ok()?;
    writer.finish().ok()?;
    Some(file)
}

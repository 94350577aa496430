//! Makes one score of the errors at each size, as the measure does.
//!
//! SSIMULACRA 2 looks at a picture in six sizes, each half of the one before, and weighs what it sees
//! there. Nearly all weight lies on the smaller sizes. The weights and the curve are those of its
//! authors; weights that add up to less than a hundredth of a point are left out.

use fast_ssim2::Ssimulacra2Maps;

/// The sizes that have any weight.
pub(super) const SIZES: usize = 5;

pub(super) enum Norm {
    /// The mean.
    Mean,
    /// The fourth root of the mean of fourth powers: the worst places count most.
    Fourth,
}

pub(super) enum Term {
    Structure,
    Artifact,
    DetailLost,
}

use Norm::{Fourth, Mean};
use Term::{Artifact, DetailLost, Structure};

/// Channels: 0 is red against green, 1 is brightness, 2 is blue against yellow.
const WEIGHTS: &[(usize, usize, Norm, Term, f64)] = &[
    (0, 1, Fourth, Structure, 1.104_172_642_665_734_6),
    (0, 2, Fourth, Structure, 1.842_245_552_053_929_8),
    (0, 2, Fourth, Artifact, 11.441_172_603_757_666),
    (0, 3, Fourth, Structure, 1.878_759_497_954_638_7),
    (0, 3, Fourth, Artifact, 10.949_069_906_051_42),
    (0, 4, Mean, Artifact, 0.967_793_708_062_683_3),
    (0, 4, Fourth, Artifact, 0.998_176_697_785_496_7),
    (1, 0, Fourth, Structure, 7.466_890_328_078_848),
    (1, 0, Fourth, DetailLost, 17.445_833_984_131_262),
    (1, 1, Fourth, Structure, 6.683_678_146_179_332),
    (1, 1, Fourth, DetailLost, 1.027_889_937_768_264),
    (1, 2, Mean, Structure, 225.205_153_008_492_74),
    (1, 2, Fourth, Structure, 19.213_238_186_143_016),
    (1, 3, Mean, Structure, 176.393_175_984_506_94),
    (1, 3, Fourth, Structure, 24.433_009_998_704_76),
    (1, 3, Fourth, Artifact, 0.285_208_026_121_177_57),
    (1, 4, Fourth, Structure, 34.779_063_444_837_72),
    (1, 4, Fourth, Artifact, 44.835_625_328_877_896),
    (2, 3, Fourth, Structure, 8.826_982_764_996_862),
    (2, 3, Fourth, Artifact, 23.192_433_439_989_26),
    (2, 4, Mean, Structure, 95.108_049_881_108_6),
    (2, 4, Mean, Artifact, 0.986_397_803_440_068_2),
    (2, 4, Mean, DetailLost, 0.983_438_279_246_535_3),
    (2, 4, Fourth, Artifact, 171.266_725_589_730_7),
    (2, 4, Fourth, DetailLost, 0.980_785_887_243_537_9),
];

/// What the errors of one size add to the sum of all, each by its channel, its norm and its kind.
pub(super) fn weigh(size: usize, value: impl Fn(usize, &Norm, &Term) -> f64) -> f64 {
    let weights = WEIGHTS.iter().filter(|(_, known, ..)| *known == size);
    weights.map(|(channel, _, norm, term, weight)| weight * value(*channel, norm, term)).sum()
}

/// The same of the maps of the library; `at` is where the size lies in them.
pub(super) fn weigh_maps(maps: &Ssimulacra2Maps, at: usize, size: usize) -> f64 {
    let Some(scale) = maps.scales.get(at) else { return 0.0 };
    weigh(size, |channel, norm, term| {
        let plane = match term {
            Structure => &scale.ssim[channel],
            Artifact => &scale.artifact[channel],
            DetailLost => &scale.detail_lost[channel],
        };
        pooled(plane, norm)
    })
}

fn pooled(plane: &[f32], norm: &Norm) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a number of pixels")]
    let count = plane.len().max(1) as f64;
    match norm {
        Mean => plane.iter().map(|value| f64::from(*value)).sum::<f64>() / count,
        Fourth => {
            let fourth = |value: &f32| {
                let square = f64::from(*value) * f64::from(*value);
                square * square
            };
            (plane.iter().map(fourth).sum::<f64>() / count).sqrt().sqrt()
        }
    }
}

/// The score for a sum.
pub(super) fn score(sum: f64) -> f64 {
    let sum = sum * 0.956_238_261_683_484_4;
    let curve = 2.326_765_642_916_932 * sum - 0.020_884_521_182_843_837 * sum * sum
        + 6.248_496_625_763_138e-5 * sum.powi(3);
    if curve > 0.0 { 100.0 - 10.0 * curve.powf(0.627_633_646_783_138_7) } else { 100.0 }
}

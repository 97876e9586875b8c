//! How often an interval must contain the truth, and the normal quantile that goes with it.

/// A confidence level, in basis points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u16);

impl Confidence {
    /// 95%, the level of every interval in a report.
    pub const P95: Self = Self(9_500);

    /// Returns the level of this many basis points, or `None` unless it lies between 0 and 10,000.
    pub fn from_basis_points(basis_points: u16) -> Option<Self> {
        (1..10_000)
            .contains(&basis_points)
            .then_some(Self(basis_points))
    }

    /// Returns the level in basis points.
    pub fn basis_points(self) -> u16 {
        self.0
    }

    /// Returns the probability left outside on each side.
    pub fn tail(self) -> f64 {
        f64::from(10_000 - self.0) / 20_000.0
    }

    /// Returns the normal deviate that leaves [`tail`](Self::tail) above it; 1.96 at 95%.
    pub fn deviate(self) -> f64 {
        -lower_quantile(self.tail())
    }
}

/// Returns the standard normal quantile of `tail`, which is positive and at most one half, with a
/// relative error of about 10^-16.
///
/// Wichura (1988), algorithm AS 241, PPND16.
fn lower_quantile(tail: f64) -> f64 {
    let centered = 0.5 - tail;
    if centered <= 0.425 {
        let r = 0.180_625 - centered * centered;
        return -centered * horner(&CENTER_TOP, r) / horner(&CENTER_BOTTOM, r);
    }
    let r = (-libm::log(tail)).sqrt();
    if r <= 5.0 {
        -horner(&MIDDLE_TOP, r - 1.6) / horner(&MIDDLE_BOTTOM, r - 1.6)
    } else {
        -horner(&FAR_TOP, r - 5.0) / horner(&FAR_BOTTOM, r - 5.0)
    }
}

/// Evaluates a polynomial; highest power first.
fn horner(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

const CENTER_TOP: [f64; 8] = [
    2.509_080_928_730_122_7e3,
    3.343_057_558_358_813e4,
    6.726_577_092_700_87e4,
    4.592_195_393_154_987e4,
    1.373_169_376_550_946e4,
    1.971_590_950_306_551_3e3,
    1.331_416_678_917_843_8e2,
    3.387_132_872_796_366_5,
];
const CENTER_BOTTOM: [f64; 8] = [
    5.226_495_278_852_854e3,
    2.872_908_573_572_194_3e4,
    3.930_789_580_009_271e4,
    2.121_379_430_158_659_7e4,
    5.394_196_021_424_751e3,
    6.871_870_074_920_579e2,
    4.231_333_070_160_091e1,
    1.0,
];
const MIDDLE_TOP: [f64; 8] = [
    7.745_450_142_783_414e-4,
    2.272_384_498_926_918_4e-2,
    2.417_807_251_774_506e-1,
    1.270_458_252_452_368_4,
    3.647_848_324_763_204_5,
    5.769_497_221_460_691,
    4.630_337_846_156_546,
    1.423_437_110_749_683_5,
];
const MIDDLE_BOTTOM: [f64; 8] = [
    1.050_750_071_644_416_9e-9,
    5.475_938_084_995_345e-4,
    1.519_866_656_361_645_7e-2,
    1.481_039_764_274_800_8e-1,
    6.897_673_349_851e-1,
    1.676_384_830_183_803_8,
    2.053_191_626_637_759,
    1.0,
];
const FAR_TOP: [f64; 8] = [
    2.010_334_399_292_288_1e-7,
    2.711_555_568_743_487_6e-5,
    1.242_660_947_388_078_4e-3,
    2.653_218_952_657_612_4e-2,
    2.965_605_718_285_048_7e-1,
    1.784_826_539_917_291_3,
    5.463_784_911_164_114,
    6.657_904_643_501_103,
];
const FAR_BOTTOM: [f64; 8] = [
    2.044_263_103_389_939_8e-15,
    1.421_511_758_316_446e-7,
    1.846_318_317_510_054_8e-5,
    7.868_691_311_456_133e-4,
    1.487_536_129_085_061_5e-2,
    1.369_298_809_227_358e-1,
    5.998_322_065_558_88e-1,
    1.0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviates_have_their_known_values() {
        for (basis_points, deviate) in [
            (5_000, 0.674_489_750_196_081_7),
            (8_000, 1.281_551_565_544_600_4),
            (9_000, 1.644_853_626_951_472_7),
            (9_500, 1.959_963_984_540_054),
            (9_900, 2.575_829_303_548_901),
            (9_990, 3.290_526_731_491_895),
            (9_999, 3.890_591_886_413_098),
        ] {
            let found = Confidence::from_basis_points(basis_points)
                .unwrap()
                .deviate();
            assert!((found - deviate).abs() < 4e-15, "{basis_points}: {found}");
        }
        assert_eq!(Confidence::from_basis_points(0), None);
        assert_eq!(Confidence::from_basis_points(10_000), None);
        assert_eq!(Confidence::from_basis_points(9_500), Some(Confidence::P95));
        assert!((lower_quantile(1e-20) + 9.262_340_089_798_408).abs() < 1e-14);
    }
}

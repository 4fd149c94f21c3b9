namespace KerasCompat.Layers;

/// <summary>The Keras version that introduced a class, for classes of layers and operations that came after Keras 3.0 or are refused.</summary>
internal static class KerasVersions
{
    /// <summary>The newest version whose layers and operations are known here.</summary>
    private static readonly Version Newest = new(3, 15);

    private static readonly Dictionary<string, string> Introduced = new (string Version, string Names)[]
    {
        ("2.0 of tf.keras", "DenseFeatures SequenceFeatures"),
        ("2.12", "FeatureSpace"),
        ("3.0", "Cond ForiLoop TFSMLayer TorchModuleWrapper WhileLoop"),
        ("3.1", "Cholesky CropImages Det DivideNoNan Eig Erfinv HardSilu Inv LuFactor MelSpectrogram Norm Normalize SVD SolveTriangular"),
        ("3.2", "Correlate FlaxLayer JaxLayer"),
        ("3.3", "Eigh RGBToGrayscale Select"),
        ("3.4", "Argpartition CTCDecode CTCLoss HSVToRGB Lstsq Map PSNR RGBToHSV Scan Slogdet Switch TFDConcat TFDIdentity"),
        ("3.5", "AssociativeScan SearchSorted"),
        ("3.6", "AutoContrast BitwiseAnd BitwiseInvert BitwiseLeftShift BitwiseNot BitwiseOr BitwiseRightShift BitwiseXor DotProductAttention Histogram LeftShift Logdet Pipeline RightShift SaturateCast Solarization Trunc"),
        ("3.7", "Celu Exp2 Glu HardShrink HardTanh IFFT2 Inner MaxNumBoundingBoxes STFTSpectrogram SoftShrink Squareplus TanhShrink"),
        ("3.8", "Diagflat Equalization MixUp RandAugment RandomColorDegeneration RandomColorJitter RandomGrayscale RandomHue RandomPosterization RandomSaturation RandomSharpness RandomShear Sparsemax SparsePlus Threshold UnravelIndex"),
        ("3.9", "AugMix CutMix GaussianBlur PerspectiveTransform Polar RMSNorm RMSNormalization RandomErasing RandomGaussianBlur RandomInvert RandomPerspective Rearrange Rot90 Signbit"),
        ("3.10", "Angle Bartlett Blackman ElasticTransform Hamming RandomElasticTransform SparseSigmoid ViewAsComplex ViewAsReal"),
        ("3.11", "Cbrt Corrcoef Deg2rad Hanning Heaviside Kaiser LayerNorm VectorizedMap int4"),
        ("3.12", "CholeskyInverse ExtractPatches3D Gcd Hypot IsIn Isneginf Isposinf Isreal JVP Kron Lcm Logaddexp2 ReversibleEmbedding ScaleAndTranslate Trapezoid Unfold View gptq"),
        ("3.13", "AdaptiveAveragePool AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPool AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D ArraySplit EmptyLike Ldexp Vander"),
        ("3.14", "AllClose ContrastLimitedAdaptiveHistogramEqualization DepthToSpace Dstack Fliplr Flipud Fmod Fold Geomspace Hsplit I0 Nanargmax Nanargmin Nancumprod Nancumsum Nanmax Nanmean Nanmedian Nanmin Nanprod Nanquantile Nanstd Nansum Nanvar Nextafter Ptp Rad2deg Sinc SpaceToDepth Vsplit awq"),
        ("3.15", "CDist Dsplit Erfc Fabs Fmax Fmin MatrixRank Nanpercentile Percentile Pinv SSIM SegmentMin SegmentProd SobelEdges Unique"),
        ("3.16", "Gammainc TernaryDense ternary"),
    }.SelectMany(v => v.Names.Split(' ').Select(name => KeyValuePair.Create(name, v.Version))).ToDictionary(StringComparer.Ordinal);

    /// <summary>The version that introduced a class or a quantization mode; null where it is not known.</summary>
    /// <param name="name">The class or mode.</param>
    /// <param name="fileVersion">The version that wrote the file: what is newer than all known here may have brought the class.</param>
    public static string? Of(string name, string? fileVersion = null) =>
        Introduced.TryGetValue(name, out string? version) ? version
        : fileVersion is not null && Version.TryParse(fileVersion.Split('-')[0], out Version? written) && new Version(written.Major, written.Minor) > Newest
            ? $"after {Newest}, if it is Keras's: the file is of Keras {fileVersion}"
            : null;
}

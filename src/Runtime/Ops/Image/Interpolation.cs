namespace KerasCompat.Runtime;

/// <summary>How a resized image is computed from its pixels; the names of TensorFlow's tf.image.ResizeMethod.</summary>
public enum Interpolation
{
    /// <summary>The pixel whose area holds the sample.</summary>
    Nearest,

    /// <summary>The triangle kernel of radius 1.</summary>
    Bilinear,

    /// <summary>R. Keys' cubic with a = −0.5, radius 2.</summary>
    Bicubic,

    /// <summary>The windowed sinc of radius 3.</summary>
    Lanczos3,

    /// <summary>The windowed sinc of radius 5.</summary>
    Lanczos5,

    /// <summary>The mean over the area that a pixel of the result covers.</summary>
    Area,

    /// <summary>A Gaussian of σ = 0.5, cut off at 1.5.</summary>
    Gaussian,

    /// <summary>The cubic of Mitchell and Netravali, B = C = 1/3.</summary>
    MitchellCubic,
}

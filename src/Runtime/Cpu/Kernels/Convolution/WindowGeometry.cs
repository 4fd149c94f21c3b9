namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The sizes of a convolution or pooling over (batch, [depth, [height,]] width, channels). Missing leading axes have
/// length one.
/// </summary>
internal sealed class WindowGeometry
{
    public WindowGeometry(int batch, int channels, params ReadOnlySpan<SpatialAxis> axes)
    {
        if (axes.Length is < 1 or > 3)
        {
            throw new ArgumentOutOfRangeException(nameof(axes), axes.Length, "One to three spatial axes.");
        }

        Batch = batch;
        Channels = channels;
        Depth = axes.Length > 2 ? axes[^3] : SpatialAxis.Single;
        Height = axes.Length > 1 ? axes[^2] : SpatialAxis.Single;
        Width = axes[^1];
    }

    public int Batch { get; }

    /// <summary>Channels of the input.</summary>
    public int Channels { get; }

    public SpatialAxis Depth { get; }

    public SpatialAxis Height { get; }

    public SpatialAxis Width { get; }

    /// <summary>Places of the kernel.</summary>
    public int Taps => Depth.Kernel * Height.Kernel * Width.Kernel;

    /// <summary>Positions of the input, all batch entries together.</summary>
    public int InputPositions => checked(Batch * Depth.Input * Height.Input * Width.Input);

    /// <summary>Positions of the output, all batch entries together.</summary>
    public int OutputPositions => checked(Batch * Depth.Output * Height.Output * Width.Output);

    /// <summary>Whether every output sees exactly the input at its own place.</summary>
    public bool IsPointwise =>
        Taps == 1 && IsIdentity(Depth) && IsIdentity(Height) && IsIdentity(Width);

    private static bool IsIdentity(SpatialAxis axis) => axis.Input == axis.Output && axis.Stride == 1 && axis.PadBegin == 0;
}

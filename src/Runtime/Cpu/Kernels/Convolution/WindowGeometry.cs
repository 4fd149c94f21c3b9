namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The sizes of a convolution or pooling over (batch, [depth, [height,]] width, channels). Missing leading axes have
/// length one.
/// </summary>
internal sealed unsafe class WindowGeometry
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

    /// <summary>Finds the lines of an image that the window at a place of the output lies on, those inside the image.</summary>
    /// <param name="image">The image's first position.</param>
    /// <param name="d">The output's depth.</param>
    /// <param name="h">The output's line.</param>
    /// <param name="lines">Takes the lines; room for as many as the window has.</param>
    /// <returns>How many there are.</returns>
    public int FindLines(float* image, int d, int h, WindowLine* lines)
    {
        int count = 0;
        for (int tapD = Depth.FirstTap(d); tapD < Depth.EndTap(d); tapD++)
        {
            for (int tapH = Height.FirstTap(h); tapH < Height.EndTap(h); tapH++)
            {
                nint z = Depth.Start(d) + (tapD * Depth.Dilation), y = Height.Start(h) + (tapH * Height.Dilation);
                lines[count++] = new WindowLine
                {
                    X = image + (((z * Height.Input) + y) * Width.Input * Channels),
                    Offset = (((nint)tapD * Height.Kernel) + tapH) * Width.Kernel * Channels,
                };
            }
        }

        return count;
    }

    private static bool IsIdentity(SpatialAxis axis) => axis.Input == axis.Output && axis.Stride == 1 && axis.PadBegin == 0;
}

/// <summary>A line of an image under a window.</summary>
internal unsafe struct WindowLine
{
    /// <summary>The line's first position.</summary>
    public float* X;

    /// <summary>Floats from the begin of a kernel with one value for each channel and place to its line that lies there.</summary>
    public nint Offset;
}

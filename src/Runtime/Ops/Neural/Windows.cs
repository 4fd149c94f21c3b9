namespace KerasCompat.Runtime;

/// <summary>The attributes that tell where windows lie on the spatial axes of a value (batch, spatial…, channels).</summary>
/// <param name="Size">The window's size along each spatial axis.</param>
/// <param name="Strides">Steps from window to window.</param>
/// <param name="Dilations">Steps from tap to tap within a window.</param>
/// <param name="Padding">The rule for the edges.</param>
internal readonly record struct Windows(IntList Size, IntList Strides, IntList Dilations, Padding Padding)
{
    /// <summary>Spatial sizes of the result, one for each window.</summary>
    /// <exception cref="ModelFormatException">The value has another number of spatial axes, or is smaller than a window.</exception>
    public Dim[] Output(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        if (x.Rank != Size.Count + 2 || Strides.Count != Size.Count || Dilations.Count != Size.Count || Size.Count is < 1 or > 3)
        {
            throw inputs.Fail($"windows {Size}, strides {Strides}, dilations {Dilations} over shape {x}", "a batch axis, one to three spatial axes and a channel axis");
        }

        var output = new Dim[Size.Count];
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = Padding.Windows(i, x[i + 1], Extent(i), Strides[i]);
            if (output[i].ValueOrNull is < 0)
            {
                throw inputs.Fail($"a window of {Extent(i)} over an axis of {x[i + 1]}", "an axis at least as long as the window");
            }
        }

        return output;
    }

    /// <summary>The three spatial axes of a call, those that a value lacks having size 1.</summary>
    public WindowAxis[] Bind(Shape x, Shape y)
    {
        var axes = new WindowAxis[3];
        int absent = 3 - Size.Count;
        for (int i = 0; i < 3; i++)
        {
            int own = i - absent;
            axes[i] = own < 0
                ? new WindowAxis(1, 1, 1, 1, 1, 0)
                : new WindowAxis(x[own + 1], y[own + 1], Size[own], Strides[own], Dilations[own], Padding.Before(own, x[own + 1], Extent(own), Strides[own]));
        }

        return axes;
    }

    private int Extent(int axis) => ((Size[axis] - 1) * Dilations[axis]) + 1;
}

/// <summary>The windows along one axis of a call.</summary>
/// <param name="Input">The axis' size.</param>
/// <param name="Output">Number of windows.</param>
/// <param name="Size">Taps of a window.</param>
/// <param name="Stride">Steps from window to window.</param>
/// <param name="Dilation">Steps from tap to tap.</param>
/// <param name="Before">Steps by which the first window begins before the axis.</param>
internal readonly record struct WindowAxis(int Input, int Output, int Size, int Stride, int Dilation, int Before)
{
    /// <summary>Where a tap of a window lies; outside 0 to <see cref="Input"/> − 1 it lies on padding.</summary>
    public int At(int window, int tap) => (window * Stride) + (tap * Dilation) - Before;

    /// <summary>The taps of a window that lie on the input: from the first to before the second.</summary>
    public (int First, int End) Taps(int window)
    {
        int start = (window * Stride) - Before;
        int first = start >= 0 ? 0 : (-start + Dilation - 1) / Dilation;
        int end = Math.Min(Size, start >= Input ? 0 : ((Input - 1 - start) / Dilation) + 1);
        return (Math.Min(first, end), end);
    }
}

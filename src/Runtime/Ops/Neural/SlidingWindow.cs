using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>The attributes that tell where windows lie on the spatial axes of a value (batch, spatial…, channels).</summary>
/// <param name="Size">The window's size along each spatial axis.</param>
/// <param name="Strides">Steps from window to window.</param>
/// <param name="Dilations">Steps from tap to tap within a window.</param>
/// <param name="Padding">The rule for the edges.</param>
internal readonly record struct SlidingWindow(EquatableList<int> Size, EquatableList<int> Strides, EquatableList<int> Dilations, Padding Padding)
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

    /// <summary>The windows of a call.</summary>
    public WindowGeometry Geometry(Shape x, Shape y)
    {
        var axes = new SpatialAxis[Size.Count];
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = new SpatialAxis(x[i + 1], y[i + 1], Size[i], Strides[i], Dilations[i], Padding.Before(i, x[i + 1], Extent(i), Strides[i]));
        }

        return new WindowGeometry(x[0], x[-1], axes);
    }

    private int Extent(int axis) => ((Size[axis] - 1) * Dilations[axis]) + 1;
}

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>One place of the kernel over one output position: which input position it falls on, −1 in the padding.</summary>
internal readonly record struct Window(int Output, int Tap, int Input)
{
    /// <summary>Whether this is the first tap of its output position.</summary>
    public bool IsFirst => Tap == 0;
}

/// <summary>All pairs of output position and tap, in order: the definition of a sliding window, for kernels that need no speed.</summary>
internal struct Windows(WindowGeometry geometry)
{
    private int _index = -1;

    public readonly Windows GetEnumerator() => this;

    public bool MoveNext() => ++_index < geometry.OutputPositions * geometry.Taps;

    public readonly Window Current
    {
        get
        {
            SpatialAxis depth = geometry.Depth;
            SpatialAxis height = geometry.Height;
            SpatialAxis width = geometry.Width;
            int tap = _index % geometry.Taps;
            int output = _index / geometry.Taps;
            int w = output % width.Output;
            int h = output / width.Output % height.Output;
            int d = output / width.Output / height.Output % depth.Output;
            int batch = output / width.Output / height.Output / depth.Output;
            int x = width.Start(w) + (tap % width.Kernel * width.Dilation);
            int y = height.Start(h) + (tap / width.Kernel % height.Kernel * height.Dilation);
            int z = depth.Start(d) + (tap / width.Kernel / height.Kernel * depth.Dilation);
            bool inside = (uint)x < (uint)width.Input && (uint)y < (uint)height.Input && (uint)z < (uint)depth.Input;
            return new Window(output, tap, inside ? (((((batch * depth.Input) + z) * height.Input) + y) * width.Input) + x : -1);
        }
    }
}

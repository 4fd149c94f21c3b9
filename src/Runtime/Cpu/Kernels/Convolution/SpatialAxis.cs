namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// A window that slides along one axis: output o sees inputs o·stride − padBegin + j·dilation for j from 0 to kernel − 1,
/// those inside the input. Padding at the end is what the output size makes of it.
/// </summary>
internal readonly record struct SpatialAxis(int Input, int Output, int Kernel, int Stride = 1, int Dilation = 1, int PadBegin = 0)
{
    /// <summary>An axis of length one that does nothing.</summary>
    public static SpatialAxis Single => new(1, 1, 1);

    /// <summary>The axis with explicit padding at both ends: out = ⌊(in + pads − (kernel − 1)·dilation − 1) / stride⌋ + 1.</summary>
    public static SpatialAxis Padded(int input, int kernel, int stride, int dilation, int padBegin, int padEnd)
    {
        int room = input + padBegin + padEnd - ((kernel - 1) * dilation) - 1;
        return new(input, room < 0 ? 0 : (room / stride) + 1, kernel, stride, dilation, padBegin);
    }

    /// <summary>Where output o's window begins; below zero in the padding.</summary>
    public int Start(int output) => (output * Stride) - PadBegin;

    /// <summary>The first tap that lies in the input.</summary>
    public int FirstTap(int output)
    {
        int start = Start(output);
        return start >= 0 ? 0 : Math.Min(Kernel, (-start + Dilation - 1) / Dilation);
    }

    /// <summary>One past the last tap that lies in the input.</summary>
    public int EndTap(int output)
    {
        int last = Input - 1 - Start(output);
        return last < 0 ? 0 : Math.Min(Kernel, (Dilation == 1 ? last : last / Dilation) + 1);
    }

    /// <summary>The positions whose whole window lies inside the axis, from the first to before the end.</summary>
    public (int First, int End) Inside()
    {
        int reach = (Kernel - 1) * Dilation;
        int first = Math.Clamp((PadBegin + Stride - 1) / Stride, 0, Output);
        int end = Input <= reach ? first : Math.Clamp(((Input - 1 - reach + PadBegin) / Stride) + 1, first, Output);
        return (first, end);
    }
}

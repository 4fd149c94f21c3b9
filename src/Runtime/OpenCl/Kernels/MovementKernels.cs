using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Kernels that move elements without looking at them, and conversions of whole buffers.</summary>
internal static class MovementKernels
{
    /// <summary>Copies a buffer to another of other elements.</summary>
    public static void Convert(Slot from, Slot to, DeviceBinding b) => b.Launch(
        $$"""
        {{ElementCode.Prelude}}
        __kernel void convert(__global const {{ElementCode.StorageName(from.DType)}}* x, __global {{ElementCode.StorageName(to.DType)}}* y, int n)
        {
            int i = (int)get_global_id(0);
            if (i >= n) return;
            {{ElementCode.Store(to.DType, "y", "i", ElementCode.Load(from.DType, "x", "i"))}}
        }

        """,
        "convert", WorkRange.Line(to.Length), from, to, to.Length);

    /// <summary>Transposes, slices, expansions, repetitions: each element of the result has a place in the source by strides.</summary>
    public static bool Strided(StridedOp op, DeviceBinding b)
    {
        StridedCopy layout = op.Layout(b.Shape(0), b.OutputShape(0));
        Slot y = b.Output(0);
        Strided(b, b.Input(0), layout.Offset, layout.Axes, y, 0, y.Length, y.Length);
        return true;
    }

    /// <summary>Copies elements by strides into blocks of the target that lie apart.</summary>
    /// <param name="b">The operator.</param>
    /// <param name="x">The source.</param>
    /// <param name="offset">Where the copy begins in the source.</param>
    /// <param name="axes">Sizes of the copied axes and the source's strides along them.</param>
    /// <param name="y">The target.</param>
    /// <param name="first">Where the first block begins in the target.</param>
    /// <param name="block">Elements of a block.</param>
    /// <param name="pitch">Elements from one block to the next.</param>
    public static void Strided(DeviceBinding b, Slot x, int offset, IReadOnlyList<(int Size, int Stride)> axes, Slot y, int first, int block, int pitch)
    {
        int count = axes.Aggregate(1, (a, axis) => a * axis.Size);
        string bits = ElementCode.BitsName(y.DType);
        string walk = string.Concat(Enumerable.Range(0, axes.Count).Reverse().Select(a =>
            a > 0 ? $"    from += rest % s{a} * t{a}; rest /= s{a};\n" : "    from += rest * t0;\n"));
        b.Launch(
            $$"""
            __kernel void strided(__global const {{bits}}* x, __global {{bits}}* y, int n, int from, int first, int block, int pitch{{string.Concat(Enumerable.Range(0, axes.Count).Select(a => $", int s{a}, int t{a}"))}})
            {
                int i = (int)get_global_id(0), rest = i;
                if (i >= n) return;
            {{walk}}    y[first + i / block * pitch + i % block] = x[from];
            }

            """,
            "strided", WorkRange.Line(count),
            [x, y, count, offset, first, block, pitch, .. axes.SelectMany(a => KernelArgument.All([a.Size, a.Stride]))]);
    }
}

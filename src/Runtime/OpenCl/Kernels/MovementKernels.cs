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

    /// <summary>Tensors end on end along an axis.</summary>
    public static bool Join(Concat op, DeviceBinding b)
    {
        Shape result = b.OutputShape(0);
        int axis = op.Axis < 0 ? op.Axis + result.Rank : op.Axis, pitch = result.Product(axis, result.Rank), first = 0;
        for (int i = 0; i < b.InputCount; i++)
        {
            Shape shape = b.Shape(i);
            if (!shape.Where((_, a) => a != axis).SequenceEqual(result.Where((_, a) => a != axis)))
            {
                throw new ArgumentException($"Shape {shape} does not fit into {result} along axis {axis}.");
            }

            int block = shape.Product(axis, shape.Rank);
            if (shape.ElementCount > 0)
            {
                Strided(b, b.Input(i), 0, [(shape.ElementCount, 1)], b.Output(0), first, block, pitch);
            }

            first += block;
        }

        return true;
    }

    /// <summary>Pieces of an axis.</summary>
    public static bool Cut(Split op, DeviceBinding b)
    {
        Shape x = b.Shape(0);
        int axis = op.Axis < 0 ? op.Axis + x.Rank : op.Axis, begin = 0;
        int[] strides = x.Strides();
        for (int i = 0; i < b.OutputCount; i++)
        {
            Slot piece = b.Output(i);
            var layout = new StridedCopy(begin * strides[axis], piece.Shape.Dims, strides);
            Strided(b, b.Input(0), layout.Offset, layout.Axes, piece, 0, piece.Length, piece.Length);
            begin += piece.Shape[axis];
        }

        return begin == x[axis] ? true : throw new ArgumentException($"Pieces of {begin} in all do not make up axis {axis} of {x}.");
    }

    /// <summary>Padding of every mode: for each axis a table tells where each place comes from.</summary>
    public static bool Padded(Pad op, DeviceBinding b)
    {
        Shape x = b.Shape(0), y = b.OutputShape(0);
        int[][] offsets = op.Sources(x, y).Offsets;
        byte[] value = Tensor.Scalar(op.Value).Cast(b.Type(0)).Bytes.ToArray();
        ulong bits = 0;
        value.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<ulong>(ref bits)));
        ByTables(b, offsets, bits);
        return true;
    }

    /// <summary>An axis turned around itself.</summary>
    public static bool Turned(Roll op, DeviceBinding b)
    {
        Shape x = b.Shape(0);
        int axis = op.Axis < 0 ? op.Axis + x.Rank : op.Axis;
        ByTables(b, [.. x.Strides().Select((stride, a) => Enumerable.Range(0, x[a]).Select(i => stride * (a == axis ? IntegerArithmetic.FloorMod(i - op.Shift, x[a]) : i)).ToArray())], 0);
        return true;
    }

    /// <summary>The nearest pixel of an image for each pixel of another size.</summary>
    public static bool Nearest(Resize op, DeviceBinding b)
    {
        Shape x = b.Shape(0), y = b.OutputShape(0);
        int[] strides = x.Strides();
        if (y.ElementCount > 0)
        {
            ByTables(b,
            [
                Places(x[0], 0), [.. ResizeAxis.Nearest(x[1], y[1], op.HalfPixelCenters).Select(i => i * strides[1])],
                [.. ResizeAxis.Nearest(x[2], y[2], op.HalfPixelCenters).Select(i => i * strides[2])], Places(x[3], 3),
            ], 0);
        }

        return true;

        int[] Places(int size, int axis) => [.. Enumerable.Range(0, size).Select(i => i * strides[axis])];
    }

    /// <summary>The triangle above or below a diagonal, zeros elsewhere.</summary>
    public static bool Triangle(Trilu op, DeviceBinding b)
    {
        Shape x = b.Shape(0);
        string bits = ElementCode.BitsName(b.Type(0));
        b.Launch(
            $$"""
            __kernel void triangle(__global const {{bits}}* x, __global {{bits}}* y, int n, int rows, int columns, int diagonal)
            {
                int i = (int)get_global_id(0);
                if (i >= n) return;
                int column = i % columns, row = i / columns % rows;
                y[i] = {{(op.Upper ? "column >= row + diagonal" : "column <= row + diagonal")}} ? x[i] : 0;
            }

            """,
            "triangle", WorkRange.Line(x.ElementCount), b.Input(0), b.Output(0), x.ElementCount, x[-2], x[-1], op.Diagonal);
        return true;
    }

    /// <summary>Each element of the result comes from the sum of its axes' offsets, or is the given bits where an axis says -1.</summary>
    private static void ByTables(DeviceBinding b, int[][] offsets, ulong otherwise)
    {
        int rank = offsets.Length;
        Slot y = b.Output(0);
        string bits = ElementCode.BitsName(y.DType);
        int[] starts = [.. offsets.Select((_, axis) => offsets.Take(axis).Sum(o => o.Length))];
        string walk = string.Concat(Enumerable.Range(0, rank).Reverse().Select(a => $"    at = table[f{a} + rest % s{a}]; rest /= s{a}; from += at; outside |= at < 0;\n"));
        b.Launch(
            $$"""
            __kernel void places(__global const {{bits}}* x, __global {{bits}}* y, __global const int* table, ulong otherwise, int n{{string.Concat(Enumerable.Range(0, rank).Select(a => $", int f{a}, int s{a}"))}})
            {
                int i = (int)get_global_id(0), rest = i, from = 0, at, outside = 0;
                if (i >= n) return;
            {{walk}}    y[i] = outside ? ({{bits}})otherwise : x[from];
            }

            """,
            "places", WorkRange.Line(y.Length),
            [b.Input(0), y, b.Table<int>([.. offsets.SelectMany(o => o)]), otherwise, y.Length, .. starts.SelectMany((start, a) => KernelArgument.All([start, offsets[a].Length]))]);
    }

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

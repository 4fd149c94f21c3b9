using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Kernels that move elements without looking at them, and conversions of whole buffers.</summary>
internal static class MovementKernels
{
    /// <summary>Copies a buffer to another of other elements.</summary>
    public static void Convert(Slot from, Slot to, DeviceBinding b) => b.Launch(
        $$"""
        {{Prelude.Source}}
        __kernel void convert(__global const {{ElementTypes.StorageName(from.DType)}}* x, __global {{ElementTypes.StorageName(to.DType)}}* y, int n)
        {
            int i = (int)get_global_id(0);
            if (i >= n) return;
            {{ElementTypes.Store(to.DType, "y", "i", ElementTypes.Load(from.DType, "x", "i"))}}
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
                Strided(b, b.Input(i), 0, [(shape.ElementCount / block, block), (block, 1)], b.Output(0), first, pitch);
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
            Strided(b, b.Input(0), layout, piece);
            begin += piece.Shape[axis];
        }

        return begin == x[axis] ? true : throw new ArgumentException($"Pieces of {begin} in all do not make up axis {axis} of {x}.");
    }

    /// <summary>Padding of every mode: for each axis a table tells where each place comes from.</summary>
    public static bool Padded(Pad op, DeviceBinding b)
    {
        Shape x = b.Shape(0), y = b.OutputShape(0);
        int[][] offsets = op.Sources(x, y).Offsets;
        ByTables(b, offsets, ElementTypes.Bits(op.Value, b.Type(0)));
        return true;
    }

    /// <summary>One number everywhere.</summary>
    public static bool Fill(ConstantOfShape op, DeviceBinding b)
    {
        Slot y = b.Output(0);
        string bits = ElementTypes.BitsName(y.DType);
        b.Launch(
            $$"""
            __kernel void fill(__global {{bits}}* y, int n, ulong value)
            {
                int i = (int)get_global_id(0);
                if (i < n) y[i] = ({{bits}})value;
            }

            """,
            "fill", WorkRange.Line(y.Length), y, y.Length, ElementTypes.Bits(op.Value, op.To));
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
        string bits = ElementTypes.BitsName(b.Type(0));
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
        Slot y = b.Output(0);
        string bits = ElementTypes.BitsName(y.DType);

        // Axes at the end that are copied as they are make up a row; else the last is looked up like the others.
        int outer = offsets.Length, width = 1;
        while (outer > 0 && offsets[outer - 1].Index().All(o => o.Item == o.Index * width))
        {
            width *= offsets[--outer].Length;
        }

        bool copied = width > 1 || outer == 0;
        if (!copied)
        {
            width = offsets[--outer].Length;
        }

        var rows = new RowGrid(b.Device, y.Length / Math.Max(width, 1), width);
        int[] starts = [.. offsets.Select((_, axis) => offsets.Take(axis).Sum(o => o.Length))];
        string walk = string.Concat(Enumerable.Range(0, outer).Reverse().Select(a => $"    at = table[f{a} + rest % s{a}]; rest /= s{a}; from += at; outside |= at < 0;\n"));
        b.Launch(
            $$"""
            __kernel void places(__global const {{bits}}* restrict x, __global {{bits}}* restrict y, __global const int* restrict table, {{RowGrid.Parameters}}, ulong otherwise, int last{{string.Concat(Enumerable.Range(0, outer).Select(a => $", int f{a}, int s{a}"))}})
            {
                {{rows.Head}}
                int rest = row, from = 0, at, outside = 0;
            {{walk}}    {{rows.Each}}
                {
                    {{(copied ? "at = column;" : "at = table[last + column];")}}
                    y[row * width + column] = outside || at < 0 ? ({{bits}})otherwise : x[from + at];
                }
            }

            """,
            "places", rows.Range,
            [b.Input(0), y, b.Table<int>([.. offsets.SelectMany(o => o)]), .. rows.Arguments, otherwise, copied ? 0 : starts[outer], .. Enumerable.Range(0, outer).SelectMany(a => KernelArgument.All([starts[a], offsets[a].Length]))]);
    }

    /// <summary>Transposes, slices, expansions, repetitions: each element of the result has a place in the source by strides.</summary>
    public static bool Strided(StridedOp op, DeviceBinding b)
    {
        StridedCopy layout = op.Layout(b.Shape(0), b.OutputShape(0));
        Strided(b, b.Input(0), layout, b.Output(0));
        return true;
    }

    /// <summary>Copies elements of a source by strides.</summary>
    public static void Strided(DeviceBinding b, Slot x, StridedCopy layout, Slot y)
    {
        (int Size, int Stride)[] axes = layout.Axes.Count == 0 ? [(1, 1)] : [.. layout.Axes];
        Strided(b, x, layout.Offset, axes, y, 0, axes[^1].Size);
    }

    /// <summary>Copies elements by strides into rows of the target that may lie apart.</summary>
    /// <param name="b">The operator.</param>
    /// <param name="x">The source.</param>
    /// <param name="offset">Where the copy begins in the source.</param>
    /// <param name="axes">Sizes of the copied axes and the source's strides along them; the last is a row of the target.</param>
    /// <param name="y">The target.</param>
    /// <param name="first">Where the first row begins in the target.</param>
    /// <param name="pitch">Elements from one row to the next.</param>
    private static void Strided(DeviceBinding b, Slot x, int offset, IReadOnlyList<(int Size, int Stride)> axes, Slot y, int first, int pitch)
    {
        int outer = axes.Count - 1, stride = axes[outer].Stride;
        var rows = new RowGrid(b.Device, axes.Take(outer).Aggregate(1, (count, axis) => count * axis.Size), axes[outer].Size);
        string bits = ElementTypes.BitsName(y.DType);
        string walk = string.Concat(Enumerable.Range(0, outer).Reverse().Select(a =>
            a > 0 ? $"    from += rest % s{a} * t{a}; rest /= s{a};\n" : "    from += rest * t0;\n"));
        b.Launch(
            $$"""
            __kernel void strided(__global const {{bits}}* restrict x, __global {{bits}}* restrict y, {{RowGrid.Parameters}}, int from, int stride, int first, int pitch{{string.Concat(Enumerable.Range(0, outer).Select(a => $", int s{a}, int t{a}"))}})
            {
                {{rows.Head}}
                int rest = row;
            {{walk}}    {{rows.Each}} y[first + row * pitch + column] = x[from + column{{(stride == 1 ? string.Empty : " * stride")}}];
            }

            """,
            "strided", rows.Range,
            [x, y, .. rows.Arguments, offset, stride, first, pitch, .. axes.Take(outer).SelectMany(a => KernelArgument.All([a.Size, a.Stride]))]);
    }
}

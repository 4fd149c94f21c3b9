using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Kernels that look elements up by indices. An index outside of its axis is noted and thrown when the call ends, as on the CPU.</summary>
internal static class IndexKernels
{
    /// <summary>Reads an index that may count from the end.</summary>
    public const string Resolve = """
        inline int resolve(long index, int size, __global long* errors, long number)
        {
            long at = index < 0 ? index + size : index;
            if (at >= 0 && at < size) return (int)at;
            errors[0] = number;
            errors[1] = index;
            return 0;
        }

        """;

    public static bool Gather(Gather op, DeviceBinding b) => Gather(b, op.Axis, op.Axis == 0 && b.Shape(0).Rank == 2 ? b.Kept(0) : b.Input(0), b.Input(1), b.Output(0));

    /// <summary>Slices of the data along an axis, float16 read as the result's type: rows of a table for an embedding.</summary>
    public static bool Gather(DeviceBinding b, int axis, Slot data, Slot indices, Slot y)
    {
        AxisLines lines = AxisLines.Of(data.Shape, axis);
        (Slot errors, int number) = b.Check("index", lines.Size);
        bool widens = data.DType != y.DType;
        string stored = widens ? ElementTypes.StorageName(data.DType) : ElementTypes.BitsName(data.DType), t = widens ? ElementTypes.TypeName(y.DType) : stored, index = ElementTypes.TypeName(indices.DType);
        var rows = new RowGrid(b.Device, lines.Outer * indices.Length, lines.Inner);
        b.Launch(
            $$"""
            {{Resolve}}
            __kernel void gather(__global const {{stored}}* restrict data, __global const {{index}}* restrict indices, __global {{t}}* restrict y, __global long* errors, {{RowGrid.Parameters}}, int number, int count, int size)
            {
                {{rows.Head}}
                if (row >= rows) return;
                data += (row / count * size + resolve(indices[row % count], size, errors, number)) * width;
                {{rows.Each}} y[row * width + column] = {{(widens ? ElementTypes.Load(data.DType, "data", "column") : "data[column]")}};
            }

            """,
            "gather", rows.Range, [data, indices, y, errors, .. rows.Arguments, number, indices.Length, lines.Size]);
        return true;
    }

    public static bool GatherElements(GatherElements op, DeviceBinding b)
    {
        Shape data = b.Shape(0), indices = b.Shape(1);
        int axis = op.Axis < 0 ? op.Axis + data.Rank : op.Axis;
        _ = new ElementIndices(data, indices, op.Axis);
        int[] strides = data.Strides();
        (Slot errors, int number) = b.Check("index", data[axis]);
        string bits = ElementTypes.BitsName(b.Type(0));
        string walk = string.Concat(Enumerable.Range(0, data.Rank).Reverse().Select(a => $"    at = rest % s{a}; rest /= s{a};{(a == axis ? string.Empty : $" from += at * t{a};")}\n"));
        b.Launch(
            $$"""
            {{Resolve}}
            __kernel void pick(__global const {{bits}}* data, __global const long* indices, __global {{bits}}* y, __global long* errors, int number, int n, int size{{string.Concat(Enumerable.Range(0, data.Rank).Select(a => $", int s{a}, int t{a}"))}})
            {
                int i = (int)get_global_id(0), rest = i, from = 0, at;
                if (i >= n) return;
            {{walk}}    from += resolve(indices[i], size, errors, number) * t{{axis}};
                y[i] = data[from];
            }

            """,
            "pick", WorkRange.Line(indices.ElementCount),
            [b.Input(0), b.Input(1), b.Output(0), errors, number, indices.ElementCount, data[axis], .. strides.SelectMany((stride, a) => KernelArgument.All([indices[a], stride]))]);
        return true;
    }

    /// <summary>Slices of the data, each named by a tuple of indices.</summary>
    public static bool GatherTuples(GatherND op, DeviceBinding b)
    {
        Shape data = b.Shape(0), indices = b.Shape(1);
        var tuples = new TupleIndices(data, indices, op.BatchDims);
        int[] sizes = [.. data.Skip(op.BatchDims).Take(tuples.Depth)], strides = data.Strides();
        (Slot Errors, int Number)[] checks = [.. sizes.Select(size => b.Check("index", size))];
        var rows = new RowGrid(b.Device, tuples.Count, tuples.Slice);
        string bits = ElementTypes.BitsName(b.Type(0));
        string walk = string.Concat(sizes.Select((_, i) => $"    from += resolve(indices[row * {sizes.Length} + {i}], s{i}, errors, c{i}) * t{i};\n"));
        b.Launch(
            $$"""
            {{Resolve}}
            __kernel void tuples(__global const {{bits}}* restrict data, __global const long* restrict indices, __global {{bits}}* restrict y, __global long* errors, {{RowGrid.Parameters}}, int perBatch, int batchStride{{string.Concat(sizes.Select((_, i) => $", int s{i}, int t{i}, int c{i}"))}})
            {
                {{rows.Head}}
                if (row >= rows) return;
                int from = row / perBatch * batchStride;
            {{walk}}    {{rows.Each}} y[row * width + column] = data[from + column];
            }

            """,
            "tuples", rows.Range,
            [
                b.Input(0), b.Input(1), b.Output(0), checks.Length > 0 ? checks[0].Errors : b.Output(0), .. rows.Arguments, tuples.PerBatch, tuples.BatchStride,
                .. sizes.SelectMany((size, i) => KernelArgument.All([size, strides[op.BatchDims + i], checks[i].Number])),
            ]);
        return true;
    }

    public static bool OneHot(OneHot op, DeviceBinding b)
    {
        AxisLines lines = AxisLines.Of(b.OutputShape(0), op.Axis);
        Slot y = b.Output(0);
        string type = ElementTypes.BitsName(op.To);
        b.Launch(
            $$"""
            __kernel void hot(__global const long* indices, __global {{type}}* y, ulong one, int n, int size, int inner)
            {
                int i = (int)get_global_id(0);
                if (i >= n) return;
                y[i] = indices[i / inner / size * inner + i % inner] == i / inner % size ? ({{type}})one : 0;
            }

            """,
            "hot", WorkRange.Line(y.Length), b.Input(0), y, ElementTypes.Bits(1, op.To), y.Length, lines.Size, lines.Inner);
        return true;
    }
}

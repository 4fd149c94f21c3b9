using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Kernels that make one element of many. Sums are taken in blocks whose sums are summed, always in the same order.</summary>
internal static class ReductionKernels
{
    /// <summary>Elements that are summed before the sum joins the others.</summary>
    private const int Block = 64;

    /// <summary>Elements of a column that one work-item takes, on a CPU and elsewhere.</summary>
    private const int LongestCpuPart = 1024, LongestPart = 256;

    public static bool Reduce(ReduceOp op, DeviceBinding b)
    {
        DType type = b.Type(0);
        if (Fold.Of(op, type) is not { } fold)
        {
            return false;
        }

        AxisLines[] passes = Runtime.Reduce.Passes(b.Shape(0), op.Axes);
        Slot y = b.Output(0), from = b.Input(0);
        int count = from.Length / Math.Max(y.Length, 1);
        for (int i = 0; i < passes.Length; i++)
        {
            AxisLines lines = passes[i];
            bool last = i == passes.Length - 1;
            Slot to = last ? y : b.Workspace(type, lines.Outer * lines.Inner);
            Pass(b, type, fold with { First = i == 0 ? fold.First : "v", Last = last ? fold.Last : "v" }, from, to, lines, count);
            from = to;
        }

        return true;
    }

    public static bool LogSumExp(ReduceLogSumExp op, DeviceBinding b)
    {
        DType type = b.Type(0);
        string t = ElementTypes.TypeName(type);
        AxisLines[] passes = Runtime.Reduce.Passes(b.Shape(0), op.Axes);
        Slot from = b.Input(0);
        for (int i = 0; i < passes.Length; i++)
        {
            AxisLines lines = passes[i];
            Slot to = i == passes.Length - 1 ? b.Output(0) : b.Workspace(type, lines.Outer * lines.Inner);
            b.Launch(
                $$"""
                {{Prelude.Source}}
                __kernel void lines(__global const {{t}}* x, __global {{t}}* y, int n, int size, int inner)
                {
                    int line = (int)get_global_id(0);
                    if (line >= n) return;
                    x += line / inner * size * inner + line % inner;
                    {{t}} most = -INFINITY, sum = 0;
                    for (int i = 0; i < size; i++) most = NMAX(most, x[i * inner]);
                    for (int i = 0; i < size; i++) sum += {{ElementCode.Exp("x[i * inner] - most", new Lanes(type, 1))}};
                    y[line] = isfinite(most) ? log(sum) + most : most;
                }

                """,
                "lines", WorkRange.Line(to.Length), from, to, to.Length, lines.Size, lines.Inner);
            from = to;
        }

        return true;
    }

    /// <summary>Folds lines. Long columns are cut into parts of their own, so that there is work for all where there are few columns.</summary>
    private static void Pass(DeviceBinding b, DType type, Fold fold, Slot x, Slot y, AxisLines lines, int count)
    {
        if (lines.Inner == 1)
        {
            Rows(b, type, fold, x, y, lines, count);
            return;
        }

        int longest = b.Device.IsCpu ? LongestCpuPart : LongestPart, parts = (lines.Size + longest - 1) / longest;
        if (parts > 1)
        {
            Slot folded = b.Workspace(type, lines.Outer * parts * lines.Inner);
            Columns(b, type, fold with { Last = "v" }, x, folded, lines, parts, count);
            (x, lines, parts, fold) = (folded, lines with { Size = parts }, 1, fold with { First = "v" });
        }

        Columns(b, type, fold, x, y, lines, Math.Max(parts, 1), count);
    }

    /// <summary>Lines whose elements lie side by side: few long ones are shared by groups of work-items; where there are many, each item takes one.</summary>
    private static void Rows(DeviceBinding b, DType type, Fold fold, Slot x, Slot y, AxisLines lines, int count)
    {
        string t = ElementTypes.TypeName(type), functions = $$"""
            {{Prelude.Source}}
            inline {{t}} fold({{t}} a, {{t}} v) { return {{fold.Join}}; }
            inline {{t}} first({{t}} v) { return {{fold.First}}; }
            inline {{t}} last({{t}} v, int count) { return {{fold.Last}}; }

            """;
        if (!b.Device.IsCpu && lines.Size > Block)
        {
            b.Launch(
                $$"""
                {{functions}}{{LineCode.Tree(t, "all", "fold(a, v)")}}
                __kernel __attribute__((reqd_work_group_size({{LineCode.Group}}, 1, 1))) void reduce(__global const {{t}}* x, __global {{t}}* y, int n, int size, int count)
                {
                    __local {{t}} shared[{{LineCode.Group}}];
                    int line = (int)get_group_id(0), item = (int)get_local_id(0);
                    {{t}} sum = {{fold.Empty}};
                    for (int from = item; from < size; from += {{LineCode.Group * Block}})
                    {
                        {{t}} part = {{fold.Empty}};
                        for (int i = from; i < min(size, from + {{LineCode.Group * Block}}); i += {{LineCode.Group}}) part = fold(part, first(x[line * size + i]));
                        sum = fold(sum, part);
                    }
                    sum = all(shared, item, sum);
                    if (item == 0) y[line] = last(sum, count);
                }

                """,
                "reduce", WorkRange.Groups(y.Length, LineCode.Group), x, y, y.Length, lines.Size, count);
            return;
        }

        // Vectors on a CPU, in blocks of as many vectors as a block has elements elsewhere.
        Lanes lanes = new(type, type.IsFloating() && b.Device.IsCpu && lines.Size >= 2 * Lanes.Vector ? Lanes.Vector : 1);
        b.Launch(
            $$"""
            {{functions}}
            __kernel void reduce(__global const {{t}}* restrict x, __global {{t}}* restrict y, int n, int size, int count)
            {
                int line = (int)get_global_id(0), i = 0;
                if (line >= n) return;
                x += line * size;
                {{t}} sum = {{fold.Empty}}, parts[{{lanes.Count}}];
                {{lanes.Type}} total = ({{lanes.Type}})({{fold.Empty}});
                while (i + {{lanes.Count}} <= size)
                {
                    {{lanes.Type}} part = ({{lanes.Type}})({{fold.Empty}});
                    for (int end = min(size, i + {{Block * lanes.Count}}); i + {{lanes.Count}} <= end; i += {{lanes.Count}})
                    {
                        {{lanes.Type}} v = {{lanes.Load("x + i")}}, a = part;
                        v = {{fold.First}};
                        part = {{fold.Join}};
                    }
                    {{lanes.Type}} a = total, v = part;
                    total = {{fold.Join}};
                }
                {{lanes.Store("total", "parts")}}
                for (int k = 0; k < {{lanes.Count}}; k++) sum = fold(sum, parts[k]);
                for (; i < size; i++) sum = fold(sum, first(x[i]));
                y[line] = last(sum, count);
            }

            """,
            "reduce", WorkRange.Line(y.Length, b.Device.IsCpu && lines.Size > Block ? 1 : LineCode.Group), x, y, y.Length, lines.Size, count);
    }

    /// <summary>Lines that lie side by side, in parts: on a GPU an item takes a part of one, on a CPU of as many as fill some vectors.</summary>
    private static void Columns(DeviceBinding b, DType type, Fold fold, Slot x, Slot y, AxisLines lines, int parts, int count)
    {
        string t = ElementTypes.TypeName(type);
        int piece = b.Device.IsCpu ? 4 * Lanes.Vector : 1;
        (int Lanes, int Vectors)[] blocks = !b.Device.IsCpu ? [(1, 1)] : type.IsFloating() ? [(Lanes.Vector, 4), (Lanes.Vector, 1), (1, 1)] : [(1, 4), (1, 1)];
        b.Launch(
            $$"""
            {{Prelude.Source}}
            __kernel void columns(__global const {{t}}* restrict x, __global {{t}}* restrict y, int inner, int size, int parts, int length, int count)
            {
                int line = (int)get_global_id(0), column = (int)get_global_id(1) * {{piece}}, end = min(inner, column + {{piece}});
                int row = line % parts * length, rows = min(length, size - row);
                x += (line / parts * size + row) * inner;
                y += line * inner;
                {{string.Join("\n    ", blocks.Select(block => Lines(new Lanes(type, block.Lanes), block.Vectors)))}}
            }

            """,
            "columns", WorkRange.Rows((long)lines.Outer * parts, (lines.Inner + piece - 1) / piece, b.Device.IsCpu ? 1 : lines.Inner < LineCode.Group ? 16 : LineCode.Group),
            x, y, lines.Inner, lines.Size, parts, b.Device.IsCpu ? LongestCpuPart : LongestPart, count);

        string Lines(Lanes lanes, int vectors) => $$"""
            for (; column + {{lanes.Count * vectors}} <= end; column += {{lanes.Count * vectors}})
            {
                {{lanes.Type}} sum[{{vectors}}], part[{{vectors}}];
                for (int k = 0; k < {{vectors}}; k++) sum[k] = ({{lanes.Type}})({{fold.Empty}});
                for (int from = 0; from < rows; from += {{Block}})
                {
                    for (int k = 0; k < {{vectors}}; k++) part[k] = ({{lanes.Type}})({{fold.Empty}});
                    for (int i = from; i < min(rows, from + {{Block}}); i++)
                        for (int k = 0; k < {{vectors}}; k++)
                        {
                            {{lanes.Type}} v = {{lanes.Load($"x + i * inner + column + {lanes.Count} * k")}}, a = part[k];
                            v = {{fold.First}};
                            part[k] = {{fold.Join}};
                        }
                    for (int k = 0; k < {{vectors}}; k++) { {{lanes.Type}} a = sum[k], v = part[k]; sum[k] = {{fold.Join}}; }
                }
                for (int k = 0; k < {{vectors}}; k++) { {{lanes.Type}} v = sum[k]; {{lanes.Store(fold.Last, $"y + column + {lanes.Count} * k")}} }
            }
            """;
    }
}

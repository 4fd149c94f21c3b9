using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Kernels that make one element of many. Sums are taken in blocks whose sums are summed, always in the same order.</summary>
internal static class ReductionKernels
{
    /// <summary>Work-items of a group that shares one line.</summary>
    private const int Group = 64;

    /// <summary>Elements that are summed before the sum joins the others.</summary>
    private const int Block = 64;

    /// <summary>Elements of a column that one work-item takes, on a CPU and elsewhere.</summary>
    private const int LongestCpuPart = 1024, LongestPart = 256;

    public static bool Reduce(ReduceOp op, DeviceBinding b)
    {
        DType type = b.Type(0);
        string t = ElementCode.TypeName(type);
        bool floating = type.IsFloating();
        Fold? fold = op switch
        {
            ReduceSum => new Fold("0", "v", "a + v"),
            ReduceMean => new Fold("0", "v", "a + v", Last: "v / count"),
            ReduceSumSquare => new Fold("0", "v * v", "a + v"),
            ReduceL2 => new Fold("0", "v * v", "a + v", Last: "sqrt(v)"),
            ReduceL1 => new Fold("0", floating ? "fabs(v)" : "(v < 0 ? -v : v)", "a + v"),
            ReduceProd => new Fold("1", "v", "a * v"),
            ReduceMax => new Fold(floating ? "-INFINITY" : Least(type), "v", floating ? "NMAX(a, v)" : "max(a, v)"),
            ReduceMin => new Fold(floating ? "INFINITY" : Greatest(type), "v", floating ? "NMIN(a, v)" : "min(a, v)"),
            ReduceAll => new Fold("1", "v", "(uchar)(a & v)"),
            ReduceAny => new Fold("0", "v", "(uchar)(a | v)"),
            _ => null,
        };
        if (fold is null)
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
        string t = ElementCode.TypeName(type);
        AxisLines[] passes = Runtime.Reduce.Passes(b.Shape(0), op.Axes);
        Slot from = b.Input(0);
        for (int i = 0; i < passes.Length; i++)
        {
            AxisLines lines = passes[i];
            Slot to = i == passes.Length - 1 ? b.Output(0) : b.Workspace(type, lines.Outer * lines.Inner);
            b.Launch(
                $$"""
                {{ElementCode.Prelude}}
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

    /// <summary>The place of the largest or smallest element; of equal ones the first, of NaN the first.</summary>
    public static bool Find(ArgOp op, DeviceBinding b)
    {
        AxisLines lines = AxisLines.Of(b.Shape(0), op.Axis);
        Slot y = b.Output(0);
        if (lines.Size == 0 && y.Length > 0)
        {
            throw new ArgumentException($"Axis {op.Axis} of {b.Shape(0)} has no element to be found.");
        }

        string t = ElementCode.TypeName(b.Type(0)), sign = op is ArgMax ? ">" : "<";
        b.Launch(
            $$"""
            {{ElementCode.Prelude}}
            __kernel void find(__global const {{t}}* x, __global long* y, int n, int size, int inner)
            {
                int line = (int)get_global_id(0), best = 0;
                if (line >= n) return;
                x += line / inner * size * inner + line % inner;
                {{t}} found = x[0];
                for (int i = 1; i < size; i++)
                {
                    {{t}} v = x[i * inner];
                    if (v {{sign}} found || (v != v && found == found)) { found = v; best = i; }
                }
                y[line] = best;
            }

            """,
            "find", WorkRange.Line(y.Length), b.Input(0), y, y.Length, lines.Size, lines.Inner);
        return true;
    }

    /// <summary>The first elements in order, and their places: the place of an element is the number of those that go before it.</summary>
    /// <remarks>Comparing all with all is quick for as many work-items as there are elements; longer lines are sorted on the CPU.</remarks>
    public static bool Best(TopK op, DeviceBinding b)
    {
        const int LongestLine = 8192;
        AxisLines lines = AxisLines.Of(b.Shape(0), op.Axis);
        int count = b.OutputShape(0)[op.Axis];
        if (lines.Size > LongestLine || count > lines.Size)
        {
            return false;
        }

        string t = ElementCode.TypeName(b.Type(0));
        int elements = b.Shape(0).ElementCount;
        b.Launch(
            $$"""
            // NaN is the largest number.
            #define ABOVE(a, b) ((a) > (b) || ((a) != (a) && (b) == (b)))
            __kernel void best(__global const {{t}}* restrict x, __global {{t}}* restrict values, __global long* restrict places, int n, int size, int inner, int count)
            {
                int i = (int)get_global_id(0), outer = i / inner / size, own = i / inner % size, first = outer * size * inner + i % inner, place = 0;
                if (i >= n) return;
                {{t}} v = x[i];
                for (int k = 0; k < size; k++)
                {
                    {{t}} other = x[first + k * inner];
                    place += {{(op.Largest ? "ABOVE(other, v) || (!ABOVE(v, other) && k < own)" : "ABOVE(v, other) || (!ABOVE(other, v) && k < own)")}};
                }
                if (place >= count) return;
                int to = (outer * count + place) * inner + i % inner;
                values[to] = v;
                places[to] = own;
            }

            """,
            "best", WorkRange.Line(count == 0 ? 0 : elements), b.Input(0), b.Output(0), b.Output(1), elements, lines.Size, lines.Inner, count);
        return true;
    }

    public static bool Softmax(int axis, bool logarithm, DeviceBinding b)
    {
        AxisSplit split = AxisSplit.Of(b.Shape(0), axis);
        DType type = b.Type(0);
        string t = ElementCode.TypeName(type);
        long count = b.Shape(0).ElementCount == 0 ? 0 : (long)split.Outer * split.Inner;
        if (b.Device.IsCpu && split.Inner == 1)
        {
            static string Power(Lanes l) => ElementCode.Exp($"{l.Load("x + i")} - peak", l);
            b.Launch(
                $$"""
                {{ElementCode.Prelude}}
                __kernel void softmax(__global const {{t}}* restrict x, __global {{t}}* restrict y, int size)
                {
                    {{t}} peak, sum;
                    x += get_global_id(0) * size;
                    y += get_global_id(0) * size;
                    {{FoldLine(type, "peak", "-INFINITY", "NMAX(a, v)", l => l.Load("x + i"))}}
                    {{FoldLine(type, "sum", "0", "a + v", Power)}}
                    {{(logarithm ? "sum = log(sum);" : string.Empty)}}
                    {{EachOfLine(type, l => logarithm ? $"{l.Load("x + i")} - peak - sum" : $"{Power(l)} / sum")}}
                }

                """,
                "softmax", WorkRange.Line(count, 1), b.Input(0), b.Output(0), split.Size);
            return true;
        }

        string power = ElementCode.Exp("x[first + i * inner] - peak", new Lanes(type, 1));
        b.Launch(
            $$"""
            {{ElementCode.Prelude}}
            {{Tree(t, "most", "NMAX(a, v)")}}
            {{Tree(t, "total", "a + v")}}
            __kernel __attribute__((reqd_work_group_size({{Group}}, 1, 1))) void softmax(__global const {{t}}* x, __global {{t}}* y, int size, int inner)
            {
                __local {{t}} shared[{{Group}}];
                int line = (int)get_group_id(0), item = (int)get_local_id(0), first = line / inner * size * inner + line % inner;
                {{t}} peak = -INFINITY, sum = 0;
                for (int i = item; i < size; i += {{Group}}) { {{t}} v = x[first + i * inner]; peak = NMAX(peak, v); }
                peak = most(shared, item, peak);
                for (int i = item; i < size; i += {{Group}}) sum += {{power}};
                sum = total(shared, item, sum);
                {{(logarithm ? "sum = log(sum);" : string.Empty)}}
                for (int i = item; i < size; i += {{Group}})
                    y[first + i * inner] = {{(logarithm ? "x[first + i * inner] - peak - sum" : $"{power} / sum")}};
            }

            """,
            "softmax", WorkRange.Groups(count, Group), b.Input(0), b.Output(0), split.Size, split.Inner);
        return true;
    }

    /// <summary>Sets of elements brought to mean 0 (where centred) and variance 1, then scaled and shifted.</summary>
    public static bool Normalize(MomentLayout layout, double epsilon, bool centred, DeviceBinding b)
    {
        DType type = b.Type(0);
        string t = ElementCode.TypeName(type);
        bool rows = layout.IsContiguous;
        Slot x = b.Input(0), y = b.Output(0);
        if (x.Length == 0)
        {
            return true;
        }

        if (b.Device.IsCpu && rows)
        {
            string Centred(Lanes l) => $"({l.Load("x + i")} - mean)";
            string Scaled(Lanes l) => $"{Centred(l)} * factor{(b.Has(1) ? $" * {l.Load("gamma + i")}" : string.Empty)}{(b.Has(2) ? $" + {l.Load("beta + i")}" : string.Empty)}";
            b.Launch(
                $$"""
                {{ElementCode.Prelude}}
                __kernel void moments(__global const {{t}}* restrict x, __global {{t}}* restrict y, __global const {{t}}* restrict gamma, __global const {{t}}* restrict beta, int size, {{t}} epsilon)
                {
                    {{t}} mean = 0, sum;
                    x += get_global_id(0) * size;
                    y += get_global_id(0) * size;
                    {{(centred ? FoldLine(type, "mean", "0", "a + v", l => l.Load("x + i")) + "\nmean /= size;" : string.Empty)}}
                    {{FoldLine(type, "sum", "0", "a + v", l => $"{Centred(l)} * {Centred(l)}")}}
                    {{t}} factor = 1 / sqrt(sum / size + epsilon);
                    {{EachOfLine(type, Scaled)}}
                }

                """,
                "moments", WorkRange.Line(layout.Groups.Length, 1), x, y, b.Has(1) ? b.Input(1) : x, b.Has(2) ? b.Input(2) : x, layout.Members.Length, KernelArgument.Real(epsilon, type));
            return true;
        }

        string at = rows ? "line * size + i" : "groups[line] + members[i]", scale = rows ? "i" : "groupScales[line] + memberScales[i]";
        Slot none = b.Zeros(DType.Int32, 1);
        Slot[] tables = rows ? [none, none, none, none] : [b.Table<int>(layout.Groups), b.Table<int>(layout.Members), b.Table<int>(layout.GroupScales), b.Table<int>(layout.MemberScales)];
        b.Launch(
            $$"""
            {{ElementCode.Prelude}}
            {{Tree(t, "total", "a + v")}}
            __kernel __attribute__((reqd_work_group_size({{Group}}, 1, 1))) void moments(
                __global const {{t}}* x, __global {{t}}* y, __global const {{t}}* gamma, __global const {{t}}* beta,
                __global const int* groups, __global const int* members, __global const int* groupScales, __global const int* memberScales, int size, {{t}} epsilon)
            {
                __local {{t}} shared[{{Group}}];
                int line = (int)get_group_id(0), item = (int)get_local_id(0);
                {{t}} mean = 0, sum = 0;
                {{(centred ? $"for (int i = item; i < size; i += {Group}) mean += x[{at}];\n    mean = total(shared, item, mean) / size;" : string.Empty)}}
                for (int i = item; i < size; i += {{Group}}) { {{t}} v = x[{{at}}] - mean; sum = fma(v, v, sum); }
                {{t}} factor = 1 / sqrt(total(shared, item, sum) / size + epsilon);
                for (int i = item; i < size; i += {{Group}})
                {
                    {{t}} v = (x[{{at}}] - mean) * factor;
                    {{(b.Has(1) ? $"v *= gamma[{scale}];" : string.Empty)}}
                    {{(b.Has(2) ? $"v += beta[{scale}];" : string.Empty)}}
                    y[{{at}}] = v;
                }
            }

            """,
            "moments", WorkRange.Groups(layout.Groups.Length, Group),
            [x, y, b.Has(1) ? b.Input(1) : x, b.Has(2) ? b.Input(2) : x, .. tables.Select(s => (KernelArgument)s), layout.Members.Length, KernelArgument.Real(epsilon, type)]);
        return true;
    }

    public static bool Cumulate(CumulativeOp op, DeviceBinding b)
    {
        DType type = b.Type(0);
        string t = ElementCode.TypeName(type);
        bool floating = type.IsFloating();
        (string? empty, string fold) = op switch
        {
            CumSum => ("0", "sum + v"),
            CumProd => ("1", "sum * v"),
            CumMax => (floating ? "-INFINITY" : Least(type), floating ? "NMAX(sum, v)" : "max(sum, v)"),
            CumMin => (floating ? "INFINITY" : Greatest(type), floating ? "NMIN(sum, v)" : "min(sum, v)"),
            _ => ((string?)null, string.Empty),
        };
        if (empty is null)
        {
            return false;
        }

        AxisLines lines = AxisLines.Of(b.Shape(0), op.Axis);
        b.Launch(
            $$"""
            {{ElementCode.Prelude}}
            __kernel void cumulate(__global const {{t}}* x, __global {{t}}* y, int n, int size, int inner)
            {
                int line = (int)get_global_id(0);
                if (line >= n) return;
                int first = line / inner * size * inner + line % inner;
                {{t}} sum = {{empty}};
                for (int i = 0; i < size; i++)
                {
                    int at = first + {{(op.Reverse ? "(size - 1 - i)" : "i")}} * inner;
                    {{t}} v = x[at];
                    {{(op.Exclusive ? $"y[at] = sum; sum = {fold};" : $"sum = {fold}; y[at] = sum;")}}
                }
            }

            """,
            "cumulate", WorkRange.Line(lines.Size == 0 ? 0 : (long)lines.Outer * lines.Inner), b.Input(0), b.Output(0), lines.Outer * lines.Inner, lines.Size, lines.Inner);
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
        string t = ElementCode.TypeName(type), functions = $$"""
            {{ElementCode.Prelude}}
            inline {{t}} fold({{t}} a, {{t}} v) { return {{fold.Join}}; }
            inline {{t}} first({{t}} v) { return {{fold.First}}; }
            inline {{t}} last({{t}} v, int count) { return {{fold.Last}}; }

            """;
        if (!b.Device.IsCpu && lines.Size > Block)
        {
            b.Launch(
                $$"""
                {{functions}}{{Tree(t, "all", "fold(a, v)")}}
                __kernel __attribute__((reqd_work_group_size({{Group}}, 1, 1))) void reduce(__global const {{t}}* x, __global {{t}}* y, int n, int size, int count)
                {
                    __local {{t}} shared[{{Group}}];
                    int line = (int)get_group_id(0), item = (int)get_local_id(0);
                    {{t}} sum = {{fold.Empty}};
                    for (int from = item; from < size; from += {{Group * Block}})
                    {
                        {{t}} part = {{fold.Empty}};
                        for (int i = from; i < min(size, from + {{Group * Block}}); i += {{Group}}) part = fold(part, first(x[line * size + i]));
                        sum = fold(sum, part);
                    }
                    sum = all(shared, item, sum);
                    if (item == 0) y[line] = last(sum, count);
                }

                """,
                "reduce", WorkRange.Groups(y.Length, Group), x, y, y.Length, lines.Size, count);
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
            "reduce", WorkRange.Line(y.Length, b.Device.IsCpu && lines.Size > Block ? 1 : Group), x, y, y.Length, lines.Size, count);
    }

    /// <summary>Lines that lie side by side, in parts: on a GPU an item takes a part of one, on a CPU of as many as fill some vectors.</summary>
    private static void Columns(DeviceBinding b, DType type, Fold fold, Slot x, Slot y, AxisLines lines, int parts, int count)
    {
        string t = ElementCode.TypeName(type);
        int piece = b.Device.IsCpu ? 4 * Lanes.Vector : 1;
        (int Lanes, int Vectors)[] blocks = !b.Device.IsCpu ? [(1, 1)] : type.IsFloating() ? [(Lanes.Vector, 4), (Lanes.Vector, 1), (1, 1)] : [(1, 4), (1, 1)];
        b.Launch(
            $$"""
            {{ElementCode.Prelude}}
            __kernel void columns(__global const {{t}}* restrict x, __global {{t}}* restrict y, int inner, int size, int parts, int length, int count)
            {
                int line = (int)get_global_id(0), column = (int)get_global_id(1) * {{piece}}, end = min(inner, column + {{piece}});
                int row = line % parts * length, rows = min(length, size - row);
                x += (line / parts * size + row) * inner;
                y += line * inner;
                {{string.Join("\n    ", blocks.Select(block => Lines(new Lanes(type, block.Lanes), block.Vectors)))}}
            }

            """,
            "columns", WorkRange.Rows((long)lines.Outer * parts, (lines.Inner + piece - 1) / piece, b.Device.IsCpu ? 1 : lines.Inner < Group ? 16 : Group),
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

    /// <summary>Code of one work-item that folds <c>size</c> values <c>v</c> to one number, in vectors.</summary>
    /// <param name="type">The elements.</param>
    /// <param name="target">The variable that takes the number.</param>
    /// <param name="empty">What no values give.</param>
    /// <param name="join">What <c>a</c> and <c>v</c> give together.</param>
    /// <param name="value">The values at <c>i</c>.</param>
    private static string FoldLine(DType type, string target, string empty, string join, Func<Lanes, string> value)
    {
        Lanes one = new(type, 1), many = new(type, Lanes.Vector);
        return $$"""
            {
                {{many.Type}} wide = ({{many.Type}})({{empty}});
                {{one.Type}} parts[{{Lanes.Vector}}];
                int i = 0;
                for (; i + {{Lanes.Vector}} <= size; i += {{Lanes.Vector}}) { {{many.Type}} a = wide, v = {{value(many)}}; wide = {{join}}; }
                {{many.Store("wide", "parts")}}
                {{target}} = {{empty}};
                for (int k = 0; k < {{Lanes.Vector}}; k++) { {{one.Type}} a = {{target}}, v = parts[k]; {{target}} = {{join}}; }
                for (; i < size; i++) { {{one.Type}} a = {{target}}, v = {{value(one)}}; {{target}} = {{join}}; }
            }
            """;
    }

    /// <summary>Code of one work-item that computes <c>size</c> elements of <c>y</c>, in vectors.</summary>
    private static string EachOfLine(DType type, Func<Lanes, string> value)
    {
        Lanes one = new(type, 1), many = new(type, Lanes.Vector);
        return $$"""
            int i = 0;
            for (; i + {{Lanes.Vector}} <= size; i += {{Lanes.Vector}}) { {{many.Store(value(many), "y + i")}} }
            for (; i < size; i++) { {{one.Store(value(one), "y + i")}} }
            """;
    }

    /// <summary>Folds one number of each work-item of a group; all get the result.</summary>
    private static string Tree(string t, string name, string join) =>
        $$"""
        inline {{t}} {{name}}(__local {{t}}* shared, int item, {{t}} own)
        {
            shared[item] = own;
            barrier(CLK_LOCAL_MEM_FENCE);
            for (int half_ = {{Group / 2}}; half_ > 0; half_ >>= 1)
            {
                if (item < half_) { {{t}} a = shared[item], v = shared[item + half_]; shared[item] = {{join}}; }
                barrier(CLK_LOCAL_MEM_FENCE);
            }
            {{t}} result = shared[0];
            barrier(CLK_LOCAL_MEM_FENCE);
            return result;
        }
        """;

    private static string Least(DType type) => type switch { DType.Int32 => "INT_MIN", DType.Int64 => "LONG_MIN", _ => "0" };

    private static string Greatest(DType type) => type switch { DType.Int32 => "INT_MAX", DType.Int64 => "LONG_MAX", DType.UInt64 => "ULONG_MAX", _ => "1" };

    /// <summary>How elements become one.</summary>
    /// <param name="Empty">What no elements give.</param>
    /// <param name="First">What an element <c>v</c> gives.</param>
    /// <param name="Join">What <c>a</c> and <c>v</c> give together.</param>
    /// <param name="Last">What is made of the whole <c>v</c>.</param>
    private sealed record Fold(string Empty, string First, string Join, string Last = "v");
}

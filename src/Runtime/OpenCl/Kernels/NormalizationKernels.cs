using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Kernels that look at a whole line to scale each element of it: softmax, and normalization by mean and variance.</summary>
internal static class NormalizationKernels
{
    public static bool Softmax(int axis, bool logarithm, DeviceBinding b)
    {
        AxisSplit split = AxisSplit.Of(b.Shape(0), axis);
        DType type = b.Type(0);
        string t = ElementTypes.TypeName(type);
        long count = b.Shape(0).ElementCount == 0 ? 0 : (long)split.Outer * split.Inner;
        if (b.Device.IsCpu && split.Inner == 1)
        {
            static string Power(Lanes l) => ElementCode.Exp($"{l.Load("x + i")} - peak", l);
            b.Launch(
                $$"""
                {{Prelude.Source}}
                __kernel void softmax(__global const {{t}}* restrict x, __global {{t}}* restrict y, int size)
                {
                    {{t}} peak, sum;
                    x += get_global_id(0) * size;
                    y += get_global_id(0) * size;
                    {{LineCode.FoldLine(type, "peak", "-INFINITY", "NMAX(a, v)", l => l.Load("x + i"))}}
                    {{LineCode.FoldLine(type, "sum", "0", "a + v", Power)}}
                    {{(logarithm ? "sum = log(sum);" : string.Empty)}}
                    {{LineCode.EachOfLine(type, l => logarithm ? $"{l.Load("x + i")} - peak - sum" : $"{Power(l)} / sum")}}
                }

                """,
                "softmax", WorkRange.Line(count, 1), b.Input(0), b.Output(0), split.Size);
            return true;
        }

        string power = ElementCode.Exp("x[first + i * inner] - peak", new Lanes(type, 1));
        b.Launch(
            $$"""
            {{Prelude.Source}}
            {{LineCode.Tree(t, "most", "NMAX(a, v)")}}
            {{LineCode.Tree(t, "total", "a + v")}}
            __kernel __attribute__((reqd_work_group_size({{LineCode.Group}}, 1, 1))) void softmax(__global const {{t}}* x, __global {{t}}* y, int size, int inner)
            {
                __local {{t}} shared[{{LineCode.Group}}];
                int line = (int)get_group_id(0), item = (int)get_local_id(0), first = line / inner * size * inner + line % inner;
                {{t}} peak = -INFINITY, sum = 0;
                for (int i = item; i < size; i += {{LineCode.Group}}) { {{t}} v = x[first + i * inner]; peak = NMAX(peak, v); }
                peak = most(shared, item, peak);
                for (int i = item; i < size; i += {{LineCode.Group}}) sum += {{power}};
                sum = total(shared, item, sum);
                {{(logarithm ? "sum = log(sum);" : string.Empty)}}
                for (int i = item; i < size; i += {{LineCode.Group}})
                    y[first + i * inner] = {{(logarithm ? "x[first + i * inner] - peak - sum" : $"{power} / sum")}};
            }

            """,
            "softmax", WorkRange.Groups(count, LineCode.Group), b.Input(0), b.Output(0), split.Size, split.Inner);
        return true;
    }

    /// <summary>Sets of elements brought to mean 0 (where centred) and variance 1, then scaled and shifted.</summary>
    public static bool Normalize(MomentLayout layout, double epsilon, bool centred, DeviceBinding b)
    {
        DType type = b.Type(0);
        string t = ElementTypes.TypeName(type);
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
                {{Prelude.Source}}
                __kernel void moments(__global const {{t}}* restrict x, __global {{t}}* restrict y, __global const {{t}}* restrict gamma, __global const {{t}}* restrict beta, int size, {{t}} epsilon)
                {
                    {{t}} mean = 0, sum;
                    x += get_global_id(0) * size;
                    y += get_global_id(0) * size;
                    {{(centred ? LineCode.FoldLine(type, "mean", "0", "a + v", l => l.Load("x + i")) + "\nmean /= size;" : string.Empty)}}
                    {{LineCode.FoldLine(type, "sum", "0", "a + v", l => $"{Centred(l)} * {Centred(l)}")}}
                    {{t}} factor = 1 / sqrt(sum / size + epsilon);
                    {{LineCode.EachOfLine(type, Scaled)}}
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
            {{Prelude.Source}}
            {{LineCode.Tree(t, "total", "a + v")}}
            __kernel __attribute__((reqd_work_group_size({{LineCode.Group}}, 1, 1))) void moments(
                __global const {{t}}* x, __global {{t}}* y, __global const {{t}}* gamma, __global const {{t}}* beta,
                __global const int* groups, __global const int* members, __global const int* groupScales, __global const int* memberScales, int size, {{t}} epsilon)
            {
                __local {{t}} shared[{{LineCode.Group}}];
                int line = (int)get_group_id(0), item = (int)get_local_id(0);
                {{t}} mean = 0, sum = 0;
                {{(centred ? $"for (int i = item; i < size; i += {LineCode.Group}) mean += x[{at}];\n    mean = total(shared, item, mean) / size;" : string.Empty)}}
                for (int i = item; i < size; i += {{LineCode.Group}}) { {{t}} v = x[{{at}}] - mean; sum = fma(v, v, sum); }
                {{t}} factor = 1 / sqrt(total(shared, item, sum) / size + epsilon);
                for (int i = item; i < size; i += {{LineCode.Group}})
                {
                    {{t}} v = (x[{{at}}] - mean) * factor;
                    {{(b.Has(1) ? $"v *= gamma[{scale}];" : string.Empty)}}
                    {{(b.Has(2) ? $"v += beta[{scale}];" : string.Empty)}}
                    y[{{at}}] = v;
                }
            }

            """,
            "moments", WorkRange.Groups(layout.Groups.Length, LineCode.Group),
            [x, y, b.Has(1) ? b.Input(1) : x, b.Has(2) ? b.Input(2) : x, .. tables.Select(s => (KernelArgument)s), layout.Members.Length, KernelArgument.Real(epsilon, type)]);
        return true;
    }
}

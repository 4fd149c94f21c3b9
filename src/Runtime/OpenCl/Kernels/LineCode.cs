namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>OpenCL C for a line of elements: folded or computed by one work-item in vectors, or folded by a group of items.</summary>
internal static class LineCode
{
    /// <summary>Work-items of a group that shares one line.</summary>
    public const int Group = 64;

    /// <summary>Code of one work-item that folds <c>size</c> values <c>v</c> to one number, in vectors.</summary>
    /// <param name="type">The elements.</param>
    /// <param name="target">The variable that takes the number.</param>
    /// <param name="empty">What no values give.</param>
    /// <param name="join">What <c>a</c> and <c>v</c> give together.</param>
    /// <param name="value">The values at <c>i</c>.</param>
    public static string FoldLine(DType type, string target, string empty, string join, Func<Lanes, string> value)
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
    public static string EachOfLine(DType type, Func<Lanes, string> value)
    {
        Lanes one = new(type, 1), many = new(type, Lanes.Vector);
        return $$"""
            int i = 0;
            for (; i + {{Lanes.Vector}} <= size; i += {{Lanes.Vector}}) { {{many.Store(value(many), "y + i")}} }
            for (; i < size; i++) { {{one.Store(value(one), "y + i")}} }
            """;
    }

    /// <summary>Folds one number of each work-item of a group; all get the result.</summary>
    public static string Tree(string t, string name, string join) =>
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
}

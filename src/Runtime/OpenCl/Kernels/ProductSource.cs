using System.Text;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>The text of a product's kernel.</summary>
/// <remarks>
/// On a CPU each work-item keeps a tile of a few rows and a panel of columns in vector registers and walks the inner axis once. On a GPU
/// a group of 16 × 16 items computes a tile of 64 × 64: both operands' strips of 16 go through local memory, each item sums 4 × 4
/// elements. Sums run along the inner axis in order, so a result does not depend on where it was computed within the tile.
/// </remarks>
internal sealed class ProductSource
{
    private const int Tile = 64, Strip = 16, Group = 16;
    private readonly Product _product;
    private readonly string _real;

    public ProductSource(Product product, DeviceProperties device)
    {
        _product = product;
        _real = ElementTypes.TypeName(product.Type);
        if (device.IsCpu || device.LargestGroup < Group * Group)
        {
            int rows = product.Rows switch { 1 => 1, 2 => 2, <= 4 => 4, _ => 6 };
            Range = new WorkRange((product.Rows + rows - 1) / rows, (product.Columns + product.PanelWidth - 1) / product.PanelWidth, product.Count, 1, 1, 1);
            Text = Functions() + Finish16() + Signature(string.Empty) + InRegisters(rows);
        }
        else
        {
            // Along its other axes a GPU takes no more than 65,535 groups.
            Range = new WorkRange(Groups(product.Rows) * product.Count * Group, Groups(product.Columns) * Group, 1, Group, Group, 1);
            Text = Functions() + Signature($"__attribute__((reqd_work_group_size({Group}, {Group}, 1))) ") + InTiles();
        }

        static long Groups(int size) => (size + Tile - 1) / Tile;
    }

    public WorkRange Range { get; }

    public string Text { get; }

    /// <summary>The type REAL, and the function that adds bias and residual to an element and applies the activation.</summary>
    public static string Finished(Product product) => $$"""
        typedef {{ElementTypes.TypeName(product.Type)}} REAL;
        inline REAL finished(REAL v, __global const REAL* bias, int column, __global const REAL* residual, int at)
        {
            {{(product.Bias is null ? string.Empty : "v += bias[column];")}}
            {{(product.Residual is null ? string.Empty : "v += residual[at];")}}
            return {{ElementCode.Activation(product.Activation, "v", new Lanes(product.Type, 1))}};
        }

        """;

    /// <summary>How the right operand is kept: weights may be float16.</summary>
    private DType RightType => _product.Right.DType;

    private bool IsReal => _product.Type is DType.Float32 or DType.Float64;

    private string Functions()
    {
        var code = new StringBuilder(Prelude.Source);
        code.Append($"typedef {_real}16 REAL16;\n");
        code.Append($"typedef {ElementTypes.StorageName(RightType)} RIGHT;\n#define RIGHT_AT(p, i) {ElementTypes.Load(RightType, "(p)", "i")}\n#define RIGHT16(i, p) {(RightType == DType.Float16 ? "vload_half16" : "vload16")}(i, p)\n");
        code.Append(IsReal ? "#define MAD(a, b, c) fma(a, b, c)\n" : "#define MAD(a, b, c) ((a) * (b) + (c))\n");
        code.Append(Finished(_product));
        if (_product.Windows is not null)
        {
            // The pixel that a tap of a window meets, or -1 outside of the image.
            code.Append(_product.Transposed
                ? """
                inline int along(int place, int tap, int size, int stride, int dilation, int pad)
                {
                    int at = place + pad - tap * dilation;
                    return at >= 0 && at % stride == 0 && at / stride < size ? at / stride : -1;
                }

                """
                : """
                inline int along(int place, int tap, int size, int stride, int dilation, int pad)
                {
                    int at = place * stride - pad + tap * dilation;
                    return at >= 0 && at < size ? at : -1;
                }

                """);
        }

        if (_product.RightStrides is not null)
        {
            code.Append("""
                inline REAL16 columns16(__global const RIGHT* row, int first, int columns, int stride)
                {
                    if (stride == 1 && first + 16 <= columns) return RIGHT16(0, row + first);
                    REAL line[16];
                    for (int j = 0; j < 16; j++) line[j] = first + j < columns ? RIGHT_AT(row, (first + j) * stride) : 0;
                    return vload16(0, line);
                }

                """);
        }

        return code.ToString();
    }

    private string Signature(string attribute) =>
        $"__kernel {attribute}void product(__global const REAL* a, __global const RIGHT* b, __global const REAL* bias, __global const REAL* residual, __global REAL* y,\n"
        + "    __global const REAL* zeros, __global const uchar* mask, __global const int4* offsets, int rows, int inner, int columns, int aRow, int aColumn, int bRow, int bColumn, int yRow"
        + (_product.Windows is null ? string.Empty : $",\n    {string.Join(", ", Axes("int "))}") + ")\n";

    /// <summary>Ends 16 columns: at once where they are all there and the activation has a form for vectors, else one by one.</summary>
    private string Finish16()
    {
        string? vector = ElementCode.Activation(_product.Activation, "v", new Lanes(_product.Type, Lanes.Vector));
        return $$"""
            inline void finish16(REAL16 v, __global const REAL* bias, int column, int columns, __global const REAL* residual, __global REAL* y, int at)
            {
                if ({{(vector is null ? "0" : "column + 16 <= columns")}})
                {
                    {{(_product.Bias is null ? string.Empty : "v += vload16(0, bias + column);")}}
                    {{(_product.Residual is null ? string.Empty : "v += vload16(0, residual + at);")}}
                    vstore16({{vector ?? "v"}}, 0, y + at);
                    return;
                }
                REAL line[16];
                vstore16(v, 0, line);
                for (int j = 0; j < min(columns - column, 16); j++) y[at + j] = finished(line[j], bias, column + j, residual, at + j);
            }

            """;
    }

    /// <summary>Leaves the kernel where nobody reads any row of a tile; the same for all items of a group.</summary>
    private string LeaveOut(int rows) => _product.Mask is null ? string.Empty
        : $"    int read = 0;\n    for (int m = m0; m < min(m0 + {rows}, rows); m++) read |= mask[m];\n    if (!read) return;\n";

    private static IEnumerable<string> Axes(string prefix) =>
        Enumerable.Range(0, 3).SelectMany(axis => new[] { "i", "o", "k", "s", "d", "p" }.Select(name => $"{prefix}{name}{axis}"));

    private string InRegisters(int rows)
    {
        int vectors = _product.PanelWidth / 16;
        bool packed = _product.RightStrides is null, windows = _product.Windows is not null;
        var code = new StringBuilder();
        code.Append($$"""
            {
                int m0 = (int)get_global_id(0) * {{rows}}, panel = (int)get_global_id(1), n0 = panel * {{_product.PanelWidth}};
            {{LeaveOut(rows)}}    int4 start = offsets[get_global_id(2)];
                a += start.x; b += start.y; y += start.z; bias += start.w; residual += start.z;

            """);
        if (packed)
        {
            code.Append($"    b += panel * inner * {(windows ? "k0 * k1 * k2 * " : string.Empty)}{_product.PanelWidth};\n");
        }

        Each((r, v) => $"    REAL16 sum{r}_{v} = (REAL16)(0);\n");

        // Where a row's window lies is found once, the line of pixels that a tap meets once for all taps along it. Where the line of the
        // window lies within the image, its pixels are one run of elements.
        int[] all = [.. Enumerable.Range(0, rows)];
        if (windows)
        {
            code.Append(string.Concat(all.Select(r => Place(r, $"m0 + {r}"))));
            code.Append($"    for (int tz = 0; tz < k0; tz++)\n    for (int th = 0; th < k1; th++)\n    {{\n{string.Concat(all.Select(r => $"        {Line(r)}\n"))}");
            code.Append($"        int whole = {(_product.Transposed ? "0" : $"d2 == 1 && aRow == inner{string.Concat(all.Select(r => $" && (line{r} < 0 || (pw{r} * s2 >= p2 && pw{r} * s2 - p2 + k2 <= i2))"))}")}, length = whole ? k2 * inner : inner;\n");
            code.Append("    for (int tw = 0; tw < (whole ? 1 : k2); tw++)\n");
        }

        code.Append("    {\n");
        foreach (int r in all)
        {
            code.Append(windows
                ? $"        int w{r} = along(pw{r}, tw, i2, s2, d2, p2);\n        __global const REAL* a{r} = line{r} < 0 || w{r} < 0 ? zeros : a + (line{r} + w{r}) * aRow;\n"
                : $"        __global const REAL* a{r} = a + min(m0 + {r}, rows - 1) * aRow;\n");
        }

        code.Append($"        for (int k = 0; k < {(windows ? "length" : "inner")}; k++)\n        {{\n");
        for (int v = 0; v < vectors; v++)
        {
            code.Append($"            REAL16 b{v} = {(packed ? $"RIGHT16({v}, b)" : $"columns16(b, n0 + {16 * v}, columns, bColumn)")};\n");
        }

        for (int r = 0; r < rows; r++)
        {
            // A row outside of the image reads zeros one after another.
            code.Append($"            REAL16 x{r} = (REAL16)(a{r}[k{(windows ? string.Empty : " * aColumn")}]);\n");
        }

        Each((r, v) => $"            sum{r}_{v} = MAD(x{r}, b{v}, sum{r}_{v});\n");
        code.Append($"            b += {(packed ? _product.PanelWidth : "bRow")};\n        }}\n    }}\n{(windows ? "    }\n" : string.Empty)}");
        Each((r, v) => $"    if (m0 + {r} < rows) finish16(sum{r}_{v}, bias, n0 + {16 * v}, columns, residual, y, (m0 + {r}) * yRow + n0 + {16 * v});\n");
        return code.Append("}\n").ToString();

        void Each(Func<int, int, string> line)
        {
            for (int r = 0; r < rows; r++)
            {
                for (int v = 0; v < vectors; v++)
                {
                    code.Append(line(r, v));
                }
            }
        }
    }

    /// <summary>Finds a row's window among those of its image.</summary>
    /// <param name="r">The end of the row's names.</param>
    /// <param name="row">The row; one past the last is taken for the last.</param>
    private static string Place(int r, string row) =>
        $"    int at{r} = min({row}, rows - 1), pw{r} = at{r} % o2, ph{r} = at{r} / o2 % o1, pz{r} = at{r} / o2 / o1 % o0, image{r} = at{r} / o2 / o1 / o0 * i0;\n";

    /// <summary>Finds the line of pixels that a plane and line of taps meets in a row's window, or -1 outside of the image.</summary>
    /// <param name="r">The end of the row's names.</param>
    private static string Line(int r) =>
        $"int z{r} = along(pz{r}, tz, i0, s0, d0, p0), h{r} = along(ph{r}, th, i1, s1, d1, p1), line{r} = z{r} < 0 || h{r} < 0 ? -1 : ((image{r} + z{r}) * i1 + h{r}) * i2;";

    private string InTiles()
    {
        bool packed = _product.RightStrides is null, windows = _product.Windows is not null;
        int width = _product.PanelWidth;

        // An item loads the same four rows and the same one of a strip's columns every time, so what depends on the row is found once.
        int[] own = windows ? [.. Enumerable.Range(0, Tile / Group)] : [];
        string places = string.Concat(own.Select(r => Place(r, $"m0 + row + {Group * r}")));
        string load = windows
            ? "int tap = k / inner, channel = k % inner, tw = tap % k2, th = tap / k2 % k1, tz = tap / k2 / k1;\n"
                + string.Concat(own.Select(r => $"        {Line(r)} int w{r} = along(pw{r}, tw, i2, s2, d2, p2);\n        as[column][row + {Group * r}] = k < depth && line{r} >= 0 && w{r} >= 0 ? a[(line{r} + w{r}) * aRow + channel] : 0;\n"))
            : $"for (int i = row; i < {Tile}; i += {Group}) as[column][i] = m0 + i < rows && k < depth ? a[(m0 + i) * aRow + k * aColumn] : 0;";
        string right = packed ? $"RIGHT_AT(b, (n / {width} * depth + k) * {width} + n % {width})" : "RIGHT_AT(b, k * bRow + n * bColumn)";
        return $$"""
            {
                __local REAL as[{{Strip}}][{{Tile + 1}}], bs[{{Strip}}][{{Tile}}];
                int column = (int)get_local_id(0), row = (int)get_local_id(1), item = row * {{Group}} + column;
                int tiles = (rows + {{Tile - 1}}) / {{Tile}}, part = (int)get_group_id(0) / tiles;
                int n0 = (int)get_group_id(1) * {{Tile}}, m0 = (int)get_group_id(0) % tiles * {{Tile}}, depth = inner{{(windows ? " * k0 * k1 * k2" : string.Empty)}};
            {{LeaveOut(Tile)}}    int4 start = offsets[part];
                a += start.x; b += start.y; y += start.z; bias += start.w; residual += start.z;
            {{places}}    REAL sum[4][4];
                for (int i = 0; i < 4; i++)
                    for (int j = 0; j < 4; j++)
                        sum[i][j] = 0;
                for (int from = 0; from < depth; from += {{Strip}})
                {
                    int k = from + column;
                    {{load}}
                    for (int e = item; e < {{Tile * Strip}}; e += {{Group * Group}})
                    {
                        int n = n0 + e % {{Tile}}, k = from + e / {{Tile}};
                        bs[e / {{Tile}}][e % {{Tile}}] = n < columns && k < depth ? {{right}} : 0;
                    }
                    barrier(CLK_LOCAL_MEM_FENCE);
                    for (int k = 0; k < {{Strip}}; k++)
                        for (int i = 0; i < 4; i++)
                            for (int j = 0; j < 4; j++)
                                sum[i][j] = MAD(as[k][row + {{Group}} * i], bs[k][column + {{Group}} * j], sum[i][j]);
                    barrier(CLK_LOCAL_MEM_FENCE);
                }
                for (int i = 0; i < 4; i++)
                    for (int j = 0; j < 4; j++)
                    {
                        int m = m0 + row + {{Group}} * i, n = n0 + column + {{Group}} * j;
                        if (m < rows && n < columns)
                            y[m * yRow + n] = finished(sum[i][j], bias, n, residual, m * yRow + n);
                    }
            }

            """;
    }
}

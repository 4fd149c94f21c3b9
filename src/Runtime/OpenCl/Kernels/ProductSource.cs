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
        _real = ElementCode.TypeName(product.Type);
        if (device.IsCpu)
        {
            int rows = product.Rows switch { 1 => 1, 2 => 2, <= 4 => 4, _ => 6 };
            Range = new WorkRange((product.Rows + rows - 1) / rows, (product.Columns + product.PanelWidth - 1) / product.PanelWidth, product.Count, 1, 1, 1);
            Text = Functions() + Finish16() + Signature() + InRegisters(rows);
        }
        else
        {
            Range = new WorkRange(Groups(product.Columns) * Group, Groups(product.Rows) * Group, product.Count, Group, Group, 1);
            Text = Functions() + Signature() + InTiles();
        }

        static long Groups(int size) => (size + Tile - 1) / Tile;
    }

    public WorkRange Range { get; }

    public string Text { get; }

    /// <summary>The type REAL, and the function that adds bias and residual to an element and applies the activation.</summary>
    public static string Finished(Product product) => $$"""
        typedef {{ElementCode.TypeName(product.Type)}} REAL;
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
        var code = new StringBuilder(ElementCode.Prelude);
        code.Append($"typedef {_real}16 REAL16;\n");
        code.Append($"typedef {ElementCode.StorageName(RightType)} RIGHT;\n#define RIGHT_AT(p, i) {ElementCode.Load(RightType, "(p)", "i")}\n#define RIGHT16(i, p) {(RightType == DType.Float16 ? "vload_half16" : "vload16")}(i, p)\n");
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
            code.Append($$"""
                inline int pixel(int row, int tap, {{string.Join(", ", Axes("int "))}})
                {
                    int w = along(row % o2, tap % k2, i2, s2, d2, p2);
                    int h = along(row / o2 % o1, tap / k2 % k1, i1, s1, d1, p1);
                    int z = along(row / o2 / o1 % o0, tap / k2 / k1, i0, s0, d0, p0);
                    return w < 0 || h < 0 || z < 0 ? -1 : ((row / o2 / o1 / o0 * i0 + z) * i1 + h) * i2 + w;
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

    private string Signature() =>
        "__kernel void product(__global const REAL* a, __global const RIGHT* b, __global const REAL* bias, __global const REAL* residual, __global REAL* y,\n"
        + "    __global const REAL* zeros, __global const int4* offsets, int rows, int inner, int columns, int aRow, int aColumn, int bRow, int bColumn, int yRow"
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
                int4 start = offsets[get_global_id(2)];
                a += start.x; b += start.y; y += start.z; bias += start.w; residual += start.z;

            """);
        if (packed)
        {
            code.Append($"    b += panel * inner * {(windows ? "k0 * k1 * k2 * " : string.Empty)}{_product.PanelWidth};\n");
        }

        Each((r, v) => $"    REAL16 sum{r}_{v} = (REAL16)(0);\n");
        if (windows)
        {
            code.Append("    for (int tap = 0; tap < k0 * k1 * k2; tap++)\n");
        }

        code.Append("    {\n");
        for (int r = 0; r < rows; r++)
        {
            code.Append(windows
                ? $"        int at{r} = pixel(min(m0 + {r}, rows - 1), tap, {string.Join(", ", Axes(string.Empty))});\n        __global const REAL* a{r} = at{r} < 0 ? zeros : a + at{r} * aRow;\n"
                : $"        __global const REAL* a{r} = a + min(m0 + {r}, rows - 1) * aRow;\n");
        }

        code.Append("        for (int k = 0; k < inner; k++)\n        {\n");
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
        code.Append($"            b += {(packed ? _product.PanelWidth : "bRow")};\n        }}\n    }}\n");
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

    private string InTiles()
    {
        bool packed = _product.RightStrides is null, windows = _product.Windows is not null;
        int width = _product.PanelWidth;
        string left = windows
            ? $"int at = pixel(m, k / inner, {string.Join(", ", Axes(string.Empty))}); x = at < 0 ? 0 : a[at * aRow + k % inner];"
            : "x = a[m * aRow + k * aColumn];";
        string right = packed ? $"RIGHT_AT(b, (n / {width} * depth + k) * {width} + n % {width})" : "RIGHT_AT(b, k * bRow + n * bColumn)";
        return $$"""
            {
                __local REAL as[{{Strip}}][{{Tile + 1}}], bs[{{Strip}}][{{Tile}}];
                int column = (int)get_local_id(0), row = (int)get_local_id(1), item = row * {{Group}} + column;
                int n0 = (int)get_group_id(0) * {{Tile}}, m0 = (int)get_group_id(1) * {{Tile}}, depth = inner{{(windows ? " * k0 * k1 * k2" : string.Empty)}};
                int4 start = offsets[get_global_id(2)];
                a += start.x; b += start.y; y += start.z; bias += start.w; residual += start.z;
                REAL sum[4][4];
                for (int i = 0; i < 4; i++)
                    for (int j = 0; j < 4; j++)
                        sum[i][j] = 0;
                for (int from = 0; from < depth; from += {{Strip}})
                {
                    for (int e = item; e < {{Tile * Strip}}; e += {{Group * Group}})
                    {
                        int m = m0 + e / {{Strip}}, k = from + e % {{Strip}};
                        REAL x = 0;
                        if (m < rows && k < depth) { {{left}} }
                        as[e % {{Strip}}][e / {{Strip}}] = x;
                    }
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

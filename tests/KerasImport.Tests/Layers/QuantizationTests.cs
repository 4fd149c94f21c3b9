using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Layers.Tests;

public class QuantizationTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(500, 448)]
    [InlineData(-1e9, -448)]
    [InlineData(1.0625, 1)]
    [InlineData(1.1875, 1.25)]
    [InlineData(1.0626, 1.125)]
    [InlineData(0.001953125, 0.001953125)]
    [InlineData(0.0009765625, 0)]
    [InlineData(0.0029296875, 0.00390625)]
    [InlineData(0.015625, 0.015625)]
    [InlineData(240, 240)]
    [InlineData(232, 224)]
    public void Float8_rounds_half_to_even_among_e4m3_numbers(double x, double expected)
    {
        var g = new GraphBuilder();
        Value input = g.Input("x", DType.Float32, new SymbolicShape(1));
        Value y = Float8.ThereAndBack(g, input, g.Scalar(1, DType.Float32));
        LayerRun.Close([expected], new CpuExecutable(g.Build([input], [y])).Run([LayerRun.Floats([(float)x], 1)])[0], 0);
    }

    [Fact]
    public void Int4_pairs_have_the_even_place_in_the_low_half()
    {
        var g = new GraphBuilder();
        Value packed = g.Input("x", DType.Int8, new SymbolicShape(1, 2));
        Value y = Int4Packing.Unpack(g, packed, 1, 3);
        // 0xF7: low 7, high −1. 0x08: low −8, high 0 (which is beyond the columns).
        Tensor x = Tensor.From([unchecked((sbyte)0xF7), (sbyte)0x08], 1, 2);
        LayerRun.Close([7, -1, -8], new CpuExecutable(g.Build([packed], [y])).Run([x])[0]);
    }

    [Fact]
    public void An_int8_Dense_divides_by_both_scales()
    {
        Layer dense = LayerRun.Make("Dense", """{"units": 2, "dtype": "int8_from_float32"}""");
        // Weights come in Keras's get_weights() order: the bias before the kernel, which is not trainable.
        // Inputs [1, −0.25] become [127, −32] with scale 127; the kernel's scales are 10 and 20.
        Tensor y = LayerRun.Of(dense, LayerRun.Floats([1, -0.25f], 1, 2), LayerRun.Floats([0.5f, 0], 2), LayerRun.Floats([10, 20, -30, 40], 2, 2), LayerRun.Floats([10, 20], 2));
        LayerRun.Close([(((127 * 10) + (32 * 30)) / (10 * 127.0)) + 0.5, ((127 * 20) - (32 * 40)) / (20 * 127.0)], y);
    }

    /// <summary>Keras 3.11 to 3.13: rows in pairs, a scale for each column, and inputs rounded to eight bits.</summary>
    [Fact]
    public void An_int4_Dense_packed_by_rows_divides_by_both_scales()
    {
        Layer dense = LayerRun.Make("Dense", """{"units": 2, "dtype": "int4_from_float32", "int4_packing": "rows", "use_bias": false}""");
        // Rows (7, −1), (−8, 3), (2, −4): low halves 7 and −1 with high halves −8 and 3, then 2 and −4 alone.
        Tensor packed = Tensor.From([unchecked((sbyte)0x87), (sbyte)0x3F, (sbyte)0x02, (sbyte)0x0C], 2, 2);
        Tensor y = LayerRun.Of(dense, LayerRun.Floats([1, -0.25f, 0.4f], 1, 3), packed, LayerRun.Floats([10, 20], 2));
        // Inputs become 127, −32 and 51 with scale 127.
        LayerRun.Close([((127 * 7) + (32 * 8) + (51 * 2)) / (10 * 127.0), (-127 - (32 * 3) - (51 * 4)) / (20 * 127.0)], y);
    }

    /// <summary>An EinsumDense is packed along the first axis of its kernel that is summed over.</summary>
    [Fact]
    public void An_int4_EinsumDense_packed_by_rows_gives_what_the_Dense_gives()
    {
        const string Policy = "\"dtype\": \"int4_from_float32\", \"int4_packing\": \"rows\"";
        Layer dense = LayerRun.Make("Dense", $$"""{"units": 2, "use_bias": false, {{Policy}}}""");
        Layer einsum = LayerRun.Make("EinsumDense", $$"""{"equation": "abc,dc->adb", "output_shape": [2, null], {{Policy}}}""");
        Tensor x = LayerRun.Floats([1, -0.25f, 0.5f, 3, 2, -1], 1, 2, 3);
        Tensor byRows = LayerRun.Of(dense, x, Tensor.From([unchecked((sbyte)0x87), (sbyte)0x3F, (sbyte)0x02, (sbyte)0x0C], 2, 2), LayerRun.Floats([10, 20], 2));
        Tensor transposed = LayerRun.Of(einsum, x, Tensor.From([unchecked((sbyte)0x87), (sbyte)0x02, (sbyte)0x3F, (sbyte)0x0C], 2, 2), LayerRun.Floats([10, 20], 1, 2, 1));
        double[] y = LayerRun.Numbers(byRows);
        LayerRun.Close([y[0], y[2], y[1], y[3]], transposed);
    }

    [Theory]
    [InlineData("gptq")]
    [InlineData("ternary")]
    public void Other_quantizations_are_refused_by_name(string mode) => Assert.Contains(
        mode,
        Assert.Throws<UnsupportedModelException>(() => LayerRun.Make("Dense", $$"""{"units": 2, "dtype": "{{mode}}_from_float32"}""")).Message,
        StringComparison.Ordinal);
}

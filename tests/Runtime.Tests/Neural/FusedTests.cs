namespace KerasCompat.Runtime.Tests.Neural;

/// <summary>Operators that apply bias, residual and activation to their results give what the separate operators give.</summary>
public class FusedTests
{
    public static TheoryData<DType, string> Activations()
    {
        var data = new TheoryData<DType, string>();
        foreach (DType type in new[] { DType.Float32, DType.Float64, DType.BFloat16 })
        {
            foreach (string name in new[] { "none", "relu", "tanh", "elu", "gelu", "clip", "softmax" })
            {
                data.Add(type, name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void FusedMatMul_is_product_plus_bias_plus_residual_activated(DType type, string activation)
    {
        foreach ((int[] a, int[] b, int[] y, bool transpose) in new (int[], int[], int[], bool)[]
        {
            ([3, 4], [4, 5], [3, 5], false),
            ([2, 3, 17], [17, 33], [2, 3, 33], false),
            ([2, 3, 17], [33, 17], [2, 3, 33], true),
            ([1, 70], [70, 2], [1, 2], false),
            ([2, 3, 4, 8], [2, 3, 9, 8], [2, 3, 4, 9], true),
            ([3, 1, 4, 8], [2, 8, 9], [3, 2, 4, 9], false),
            ([3, 1, 2, 4, 8], [2, 2, 8, 9], [3, 2, 2, 4, 9], false),
        })
        {
            foreach (bool stored in new[] { true, false })
            {
                var test = new OpCase(type);
                test.Input(new Shape(a), "batch");
                _ = stored ? test.Weight(new Shape(b)) : test.Input(new Shape(b));
                test.Weight(new Shape(y[^1]));
                test.Input(new Shape(y), "batch");
                Op? op = Find(activation);
                Tensor<double>[] results = test.Run((g, v) =>
                {
                    Value right = transpose ? g.Einsum("...ab->...ba", v[1]) : v[1];
                    Value plain = g.Add(g.Add(g.MatMul(v[0], right), v[2]), v[3]);
                    return
                    [
                        op is null ? plain : g.Apply(op, plain),
                        g.FusedMatMul(new FusedMatMul { Activation = op, PermB = transpose ? [.. Enumerable.Range(0, b.Length - 2), b.Length - 1, b.Length - 2] : null }, v[0], v[1], v[2], v[3]),
                    ];
                });
                test.AssertClose(results[0], results[1], 10);
            }
        }
    }

    /// <summary>Attention's products: heads lie between the time steps.</summary>
    [Theory]
    [InlineData(DType.Float32, 2, 3, 4, 5, 6)]
    [InlineData(DType.Float32, 1, 2, 40, 50, 16)]
    [InlineData(DType.Float32, 3, 1, 1, 1, 8)]
    [InlineData(DType.Float64, 2, 3, 4, 5, 6)]
    public void FusedMatMul_reads_and_writes_axes_in_other_orders(DType type, int batch, int heads, int queries, int keys, int size)
    {
        var test = new OpCase(type);
        test.Input(new Shape(batch, queries, heads, size), "batch");
        test.Input(new Shape(batch, keys, heads, size), "batch");
        test.Input(new Shape(batch, keys, heads, size), "batch");
        Tensor<double>[] results = test.Run((g, v) =>
        {
            Value scores = g.MatMul(g.Transpose(v[0], [0, 2, 1, 3]), g.Transpose(v[1], [0, 2, 3, 1]));
            return
            [
                scores,
                g.Transpose(g.MatMul(scores, g.Transpose(v[2], [0, 2, 1, 3])), [0, 2, 1, 3]),
                g.FusedMatMul(new FusedMatMul { PermA = [0, 2, 1, 3], PermB = [0, 2, 3, 1] }, v[0], v[1]),
                g.FusedMatMul(new FusedMatMul { PermB = [0, 2, 1, 3], PermOutput = [0, 2, 1, 3] }, scores, v[2]),
            ];
        });
        test.AssertClose(results[0], results[2]);
        test.AssertClose(results[1], results[3]);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Convolutions_apply_bias_residual_and_activation(DType type, string activation)
    {
        Op? op = Find(activation);
        var test = new OpCase(type);
        test.Input(new Shape(2, 6, 7, 8), "batch");
        test.Weight(new Shape(3, 3, 8, 8));
        test.Weight(new Shape(3, 3, 8, 1));
        test.Weight(new Shape(8));
        test.Input(new Shape(2, 6, 7, 8), "batch");
        Tensor<double>[] results = test.Run((g, v) =>
        {
            Value Activated(Value x) => op is null ? x : g.Apply(op, x);
            var conv = new Conv([1, 1], [1, 1], Padding.Same);
            var depthwise = new DepthwiseConv([1, 1], [1, 1], Padding.Same);
            var transpose = new ConvTranspose([1, 1], [1, 1], [1, 1], [0, 0]);
            return
            [
                Activated(g.Add(g.Apply(conv, v[0], v[1], v[3]), v[4])), g.Apply(conv with { Activation = op }, v[0], v[1], v[3], v[4]),
                Activated(g.Add(g.Apply(depthwise, v[0], v[2], v[3]), v[4])), g.Apply(depthwise with { Activation = op }, v[0], v[2], v[3], v[4]),
                Activated(g.Apply(transpose, v[0], v[1], v[3])), g.Apply(transpose with { Activation = op }, v[0], v[1], v[3]),
            ];
        });
        for (int i = 0; i < results.Length; i += 2)
        {
            test.AssertClose(results[i], results[i + 1], 10);
        }
    }

    [Fact]
    public void A_convolution_kernel_may_be_computed_by_the_call()
    {
        var test = new OpCase(DType.Float32);
        test.Input(new Shape(2, 6, 7, 3), "batch");
        Tensor<double> kernel = test.Weight(new Shape(3, 2, 3, 5));
        test.Add(kernel);
        Tensor<double>[] results = test.Run((g, v) =>
            [.. v[1..].SelectMany(k => new[] { g.Conv(v[0], k, null, [1, 2], [1, 1], Padding.Same), g.ConvTranspose(v[0], g.Einsum("hwcf->hwfc", k), null, [1, 2], [1, 1], PaddingMode.Same) })]);
        test.AssertClose(results[0], results[2]);
        test.AssertClose(results[1], results[3]);
    }

    private static Op? Find(string name) => name switch
    {
        "relu" => new Relu(),
        "tanh" => new Tanh(),
        "elu" => new Elu(0.7),
        "gelu" => new Gelu(),
        "clip" => new Clip(-0.5, 0.5),
        "softmax" => new Softmax(-1),
        _ => null,
    };
}

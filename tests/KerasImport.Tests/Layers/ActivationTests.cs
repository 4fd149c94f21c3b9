using KerasCompat.Runtime;

namespace KerasCompat.Layers.Tests;

/// <summary>Every activation against its formula in double precision.</summary>
public class ActivationTests
{
    private static readonly Dictionary<string, Func<double, double>> Formulas = new()
    {
        ["linear"] = x => x,
        ["relu"] = x => Math.Max(x, 0),
        ["relu6"] = x => Math.Clamp(x, 0, 6),
        ["leaky_relu"] = x => x >= 0 ? x : 0.2 * x,
        ["elu"] = x => x >= 0 ? x : Math.Exp(x) - 1,
        ["selu"] = x => 1.0507009873554805 * (x >= 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)),
        ["celu"] = x => Math.Max(x, 0) + Math.Exp(Math.Min(x, 0)) - 1,
        ["softplus"] = Softplus,
        ["softsign"] = x => x / (1 + Math.Abs(x)),
        ["sigmoid"] = Sigmoid,
        ["hard_sigmoid"] = x => Math.Clamp((x / 6) + 0.5, 0, 1),
        ["hard_sigmoid_slope_0.2"] = x => Math.Clamp((x / 5) + 0.5, 0, 1),
        ["tanh"] = Math.Tanh,
        ["exponential"] = Math.Exp,
        ["silu"] = x => x * Sigmoid(x),
        ["swish"] = x => x * Sigmoid(x),
        ["hard_silu"] = x => x * Math.Clamp((x / 6) + 0.5, 0, 1),
        ["hard_swish"] = x => x * Math.Clamp((x / 6) + 0.5, 0, 1),
        ["mish"] = x => x * Math.Tanh(Softplus(x)),
        ["log_sigmoid"] = x => -Softplus(-x),
        ["soft_shrink"] = x => x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0,
        ["hard_shrink"] = x => Math.Abs(x) > 0.5 ? x : 0,
        ["tanh_shrink"] = x => x - Math.Tanh(x),
        ["hard_tanh"] = x => Math.Clamp(x, -1, 1),
        ["squareplus"] = x => (x + Math.Sqrt((x * x) + 4)) / 2,
        ["sparse_plus"] = x => x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4,
        ["sparse_sigmoid"] = x => Math.Clamp((x + 1) / 2, 0, 1),
    };

    /// <summary>Those that look at more than one element have tests of their own, or are tested by the operator's.</summary>
    private static readonly string[] OverAnAxis = ["softmax", "log_softmax", "sparsemax", "glu", "gelu"];

    public static TheoryData<string> Names() => [.. ActivationFunction.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_activation_is_its_formula(string name)
    {
        if (OverAnAxis.Contains(name))
        {
            return;
        }

        float[] x = [-20, -7, -3, -1.5f, -1, -0.5f, -0.1f, 0, 0.1f, 0.5f, 1, 1.5f, 3, 7, 20];
        Tensor y = LayerRun.Of(LayerRun.Make("Activation", $$"""{"activation": "{{name}}"}"""), LayerRun.Floats(x, 1, x.Length));
        LayerRun.Close([.. x.Select(v => Formulas[name](v))], y, 2e-6);
    }

    [Fact]
    public void Glu_is_the_first_half_times_the_sigmoid_of_the_second() => LayerRun.Close(
        [1 * Sigmoid(3), 2 * Sigmoid(-4)],
        LayerRun.Of(LayerRun.Make("Activation", """{"activation": "glu"}"""), LayerRun.Floats([1, 2, 3, -4], 1, 4)));

    [Theory]
    [InlineData("swoosh", "bind it: LoadOptions.Functions[\"swoosh\"]")]
    public void An_unknown_activation_is_refused_by_name(string name, string remedy)
    {
        var error = Assert.Throws<UnsupportedModelException>(() => LayerRun.Make("Activation", $$"""{"activation": "{{name}}"}"""));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_function_wins_over_a_name_of_Keras()
    {
        var options = new LoadOptions { Functions = { ["relu"] = (g, x) => g.Neg(x) } };
        LayerRun.Close([-1, 2], LayerRun.Of(LayerRun.Make("Activation", """{"activation": "relu"}""", options), LayerRun.Floats([1, -2], 1, 2)));
    }

    [Fact]
    public void An_activation_may_be_a_layer_with_weights()
    {
        const string Config = """{"units": 2, "use_bias": false, "activation": {"class_name": "PReLU", "config": {"name": "p", "alpha_initializer": "zeros"}}}""";
        Layer dense = LayerRun.Make("Dense", Config);
        Tensor y = LayerRun.Of(dense, LayerRun.Floats([1, -2], 1, 2), LayerRun.Floats([1, 0, 0, 1], 2, 2), LayerRun.Floats([0.5f, 0.25f], 2));
        LayerRun.Close([1, -0.5], y);
        Assert.Equal("activation", dense.Sublayers.Single().Attribute);
    }

    [Theory]
    [InlineData("""{}""", new[] { 0, 0, 0, 0.5, 4 })]
    [InlineData("""{"max_value": 3}""", new[] { 0, 0, 0, 0.5, 3 })]
    [InlineData("""{"negative_slope": 0.1}""", new[] { -0.2, -0.1, 0, 0.5, 4 })]
    [InlineData("""{"threshold": 0.5}""", new[] { 0, 0, 0, 0.0, 4 })]
    [InlineData("""{"threshold": 1, "negative_slope": 0.5}""", new[] { -1.5, -1, -0.5, -0.25, 4 })]
    public void ReLU_honours_slope_threshold_and_maximum(string config, double[] expected) =>
        LayerRun.Close(expected, LayerRun.Of(LayerRun.Make("ReLU", config), LayerRun.Floats([-2, -1, 0, 0.5f, 4], 1, 5)));

    [Theory]
    [InlineData("add")]
    [InlineData("where")]
    [InlineData("zero_rows")]
    [InlineData("add_zero_rows")]
    [InlineData("none")]
    public void A_mask_takes_elements_out_of_a_softmax(string rule)
    {
        Layer softmax = LayerRun.Make("Softmax", $$"""{"masked_softmax": "{{rule}}"}""");
        Tensor mask = Tensor.From([true, false, true, false, false, false], 2, 3);
        (Tensor y, _) = LayerRun.Masked(softmax, [(LayerRun.Floats([1, 5, 1, 2, 2, 2], 2, 3), mask)]);
        double sum = (2 * Math.E) + Math.Exp(5), third = 1.0 / 3;
        double[] masked = [0.5, 0, 0.5], row = rule.EndsWith("zero_rows", StringComparison.Ordinal) ? [0, 0, 0] : [third, third, third];
        LayerRun.Close(rule == "none" ? [Math.E / sum, Math.Exp(5) / sum, Math.E / sum, .. row] : [.. masked, .. row], y);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => x > 30 ? x : Math.Log(1 + Math.Exp(x));
}

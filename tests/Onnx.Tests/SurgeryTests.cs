using KerasCompat.Convert.Surgery;
using KerasCompat.Runtime;
using KerasCompat.Testing;

namespace KerasCompat.Onnx.Tests;

/// <summary>Parts of models and differences between them.</summary>
public class SurgeryTests
{
    [Theory]
    [InlineData("residual_cnn.keras", "conv2d_2")]
    [InlineData("unet.keras", null)]
    [InlineData("inception_branches.keras", null)]
    public void A_part_gives_what_the_layer_gave(string file, string? to)
    {
        using KerasModel whole = KerasModel.Load(Fixtures.Path("keras3-graphs", file));
        to ??= whole.Layers.Last(l => l.ClassName is "Dense" or "Conv2D").Name;
        using KerasModel part = SubModel.Extract(whole, null, to);
        Tensor[] inputs = new Convert.Export.DrawnInputs(whole, new Dictionary<string, int>()).Calls(1)[0].Inputs;
        Tensor wanted = whole.Activations(inputs).First(a => a.Layer == to).Value;
        Assert.Equal(wanted.Cast(DType.Float64).As<double>().ToArray(), part.Predict(inputs)[0].Cast(DType.Float64).As<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_part_in_the_middle_takes_what_its_first_layer_read()
    {
        using KerasModel whole = KerasModel.Load(Fixtures.Path("keras3-graphs", "residual_cnn.keras"));
        using KerasModel part = SubModel.Extract(whole, "conv2d_1", "conv2d_2");
        Assert.Equal(["conv2d_1_input"], part.Inputs.Select(i => i.Name));
        Assert.Equal(["conv2d_1", "conv2d_2"], part.Layers.Where(l => l.ClassName == "Conv2D").Select(l => l.Name));
    }

    [Fact]
    public void No_way_between_layers_is_named()
    {
        using KerasModel whole = KerasModel.Load(Fixtures.Path("keras3-graphs", "residual_cnn.keras"));
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => SubModel.Extract(whole, "conv2d_2", "conv2d_1"));
        Assert.Contains("no way from", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Diff_names_what_changed_and_nothing_else()
    {
        string path = Fixtures.Path("containers", "keras-3.0.5/mlp.keras");
        using KerasModel a = KerasModel.Load(path), b = KerasModel.Load(path);
        Assert.Empty(ModelDiff.Lines(a, b));
        Tensor[] weights = [.. b.GetWeights().Select(w => w.Clone())];
        weights[0].As<float>().Span[0] += 1;
        b.SetWeights(weights);
        Assert.Contains(ModelDiff.Lines(a, b), l => l.StartsWith($"weight {a.Weights[0].Path}: largest difference 1e+0", StringComparison.Ordinal));
    }
}

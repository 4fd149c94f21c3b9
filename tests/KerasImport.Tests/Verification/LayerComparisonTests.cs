using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Verification;

namespace KerasCompat.KerasImport.Tests.Verification;

/// <summary>Calls of layers are compared with those that Keras made, under whatever number Keras made them.</summary>
public class LayerComparisonTests
{
    [Theory]
    [InlineData("keras1/1.2.2-tensorflow-nested.h5")] // a nested model's making counts as its call 0
    [InlineData("keras2/2.3.1-tensorflow-nested.h5")]
    [InlineData("keras2/2.3.1-tensorflow-nested-deep.h5")]
    [InlineData("tfkeras2/keras-2.15.0-nested-deep.h5")]
    [InlineData("keras3-graphs/three_levels_deep.keras")] // models that share the layers were made before this one
    [InlineData("keras3-graphs/autoencoder.keras")]
    [InlineData("keras3-graphs/text_lstm.keras")] // a Sequential that was built anew
    [InlineData("keras3-graphs/text_gru_stack.keras")]
    [InlineData("keras3-graphs/names_against_order.keras")]
    [InlineData("seeds/seeds-imdb-small-keras-3.15.1.keras")]
    public void Every_call_of_every_layer_is_compared_and_agrees(string file)
    {
        using KerasModel model = KerasModel.Load(Path.Combine(Fixtures.Root, file));
        using VectorsFile vectors = VectorsFile.Open(Path.ChangeExtension(Path.Combine(Fixtures.Root, file), ".npz"));
        LayerDifferences differences = Verifier.Layers(model, vectors, Tolerance.Default);
        Assert.All(model.Network.Trace.Where(t => t.Layer.ClassName != "InputLayer"), output =>
            Assert.True(differences.Of(output) is { Passes: true }, $"{output.Layer.Name}, call {output.Node}: {differences.Of(output)}"));
    }

    [Theory]
    [InlineData("keras2/2.3.1-tensorflow-nested.h5", "sequential_1", 0)] // stands between the two calls of another nested model
    [InlineData("keras2/2.3.1-tensorflow-nested.h5", "inner", 0)]
    [InlineData("keras3-graphs/text_lstm.keras", "lstm", 0)]
    public void First_diverging_layer_is_the_one_that_was_changed(string file, string layer, int node)
    {
        string path = Path.Combine(Fixtures.Root, file);
        using KerasModel model = KerasModel.Load(path);
        model.SetWeights(layer, [.. model.Layers[layer].GetWeights().Select(w => Tensor.From(w.As<float>().ToArray().Select(v => v + 0.5f).ToArray(), [.. w.Shape]))]);
        LayerDivergence first = model.Verify(Path.ChangeExtension(path, ".npz")).FirstDiverging!;
        Assert.Equal((layer, node), (first.Layer, first.Node));
        Assert.InRange(first.LargestBefore, 0, 1e-6);
    }

    /// <summary>Vectors hold what a nested model gives; that is what its last layer gives, and nothing is known of those before.</summary>
    [Fact]
    public void A_layer_inside_is_known_where_it_gives_what_the_nested_model_gives()
    {
        string path = Path.Combine(Fixtures.Root, "keras3-graphs", "nested_functional_twice.keras");
        using KerasModel model = KerasModel.Load(path);
        using VectorsFile vectors = VectorsFile.Open(Path.ChangeExtension(path, ".npz"));
        LayerDifferences differences = Verifier.Layers(model, vectors, Tolerance.Default);
        var block = (KerasCompat.Layers.Network)model.Network.Layers.Single(l => l.Name == "block");
        ArrayComparison?[] outer = [.. model.Network.Trace.Where(t => t.Layer == block).Select(differences.Of)];
        Assert.Equal(2, outer.Length);
        Assert.Equal([null, outer[0], null, outer[1]], block.Trace.Select(differences.Of));
        Assert.All(outer, Assert.NotNull);
    }
}

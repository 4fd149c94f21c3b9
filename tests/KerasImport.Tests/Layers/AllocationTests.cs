using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Tests.Layers;

/// <summary>What a call from span to span allocates once its plan is made: nothing.</summary>
public class AllocationTests
{
    [Fact]
    public void A_dense_layer_allocates_nothing() =>
        AssertNothingAllocated([4, 8], SmallModel.Layer("Dense", "dense", new JObject { ["units"] = 3, ["activation"] = "relu" }));

    /// <summary>States are found by variable, and kept in the tensors of the call before.</summary>
    [Fact]
    public void A_stateful_layer_allocates_nothing() =>
        AssertNothingAllocated([2, 3, 4], SmallModel.Layer("LSTM", "lstm", new JObject { ["units"] = 5, ["stateful"] = true }));

    private static void AssertNothingAllocated(int[] shape, JObject layer)
    {
        using KerasModel model = SmallModel.Chain(new LoadOptions(), shape, layer);
        Tensor<float> input = SmallModel.Numbers(new Shape(shape), 1);
        var output = new float[model.Predict(input).Length];
        model.Predict(input.Span, input.Shape, output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        model.Predict(input.Span, input.Shape, output);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}

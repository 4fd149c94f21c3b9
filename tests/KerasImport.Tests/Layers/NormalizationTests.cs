using KerasCompat.Runtime;

namespace KerasCompat.Layers.Tests;

/// <summary>Normalisations whose axes are written in an order of their own, which Keras sorts only from 3.14 on.</summary>
public class NormalizationTests
{
    [Fact]
    public void Weights_of_unsorted_axes_are_reshaped_and_not_transposed()
    {
        Layer sorted = LayerRun.Make("LayerNormalization", """{"axis": [1, 2]}"""), unsorted = LayerRun.Make("LayerNormalization", """{"axis": [-1, 1]}""");
        Tensor x = LayerRun.Floats([3, 1, 4, 1, 5, 9], 1, 2, 3), gamma = LayerRun.Floats([1, 2, 3, 4, 5, 6], 6), beta = LayerRun.Floats([6, 5, 4, 3, 2, 1], 6);
        double[] expected = LayerRun.Numbers(LayerRun.Of(sorted, x, gamma, beta));
        LayerRun.Close(expected, LayerRun.Of(unsorted, x, gamma, beta));
        Assert.Equal(new Shape(2, 3), sorted.OwnWeights[0].Shape);
        Assert.Equal(new Shape(3, 2), unsorted.OwnWeights[0].Shape);
    }

    /// <summary>exp(x − log Σ exp x) over several axes: so far below the sum's logarithm is lost, and each element counts as the whole.</summary>
    [Fact]
    public void A_softmax_over_several_axes_gives_ones_where_all_is_masked()
    {
        Layer softmax = LayerRun.Make("Softmax", """{"axis": [1, 2], "masked_softmax": "add"}""");
        Tensor mask = Tensor.From([false, false, false, false], 1, 2, 2);
        LayerRun.Close([1, 1, 1, 1], LayerRun.Masked(softmax, [(LayerRun.Floats([1, 5, 1, 2], 1, 2, 2), mask)]).Output);
        LayerRun.Close([0.25, 0.25, 0.25, 0.25], LayerRun.Of(softmax, LayerRun.Floats([7, 7, 7, 7], 1, 2, 2)));
    }
}

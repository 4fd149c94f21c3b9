using KerasCompat.Runtime;

namespace KerasCompat.Layers.Tests;

/// <summary>Keys that describe shapes, in the forms that versions write them.</summary>
public class ShapeTests
{
    [Theory]
    [InlineData("ab,bc->ac", "c", new[] { 5, 3 }, new[] { 7 }, new[] { 3, 7 }, new[] { 7 })]
    [InlineData("abc,cd->abd", "d", new[] { 5, 4, 3 }, new[] { -1, 7 }, new[] { 3, 7 }, new[] { 7 })]
    [InlineData("abc,cde->abde", "de", new[] { 5, 4, 3 }, new[] { -1, 2, 6 }, new[] { 3, 2, 6 }, new[] { 2, 6 })]
    [InlineData("abc,cde->abde", "d", new[] { 5, 4, 3 }, new[] { -1, 2, 6 }, new[] { 3, 2, 6 }, new[] { 2, 1 })]
    [InlineData("...x,xy->...y", "y", new[] { 5, 4, 3 }, new[] { 7 }, new[] { 3, 7 }, new[] { 7 })]
    [InlineData("...x,xy->...y", "y", new[] { 5, 3 }, new[] { 7 }, new[] { 3, 7 }, new[] { 7 })]
    [InlineData("ab...,bc->ac...", "c", new[] { 5, 3, 4, 2 }, new[] { 7 }, new[] { 3, 7 }, new[] { 7, 1, 1 })]
    [InlineData("abcde,abfad->abcfde", "", new[] { 1, 2, 3, 4, 5 }, new[] { -1, -1, 6, -1, -1 }, new[] { 1, 2, 6, 1, 4 }, new int[0])]
    public void The_weights_of_an_EinsumDense_follow_from_its_equation(string equation, string biasAxes, int[] input, int[] output, int[] kernel, int[] bias)
    {
        EinsumDenseShapes? shapes = EinsumDenseShapes.Of(equation, biasAxes, new SymbolicShape(input.Select(d => (Dim)d)), [.. output.Select(d => d < 0 ? (int?)null : d)]);
        Assert.NotNull(shapes);
        Assert.Equal(kernel, shapes.Kernel.Select(d => d.Value));
        Assert.Equal(bias, shapes.Bias.Select(d => d.Value));
    }

    [Theory]
    [InlineData("ab,bc", "c")]
    [InlineData("abcd,bc->ac", "c")]
    [InlineData("ab,bc->ac", "x")]
    [InlineData("ab,bz->ac", "c")]
    public void An_equation_that_does_not_fit_gives_no_shapes(string equation, string biasAxes) =>
        Assert.Null(EinsumDenseShapes.Of(equation, biasAxes, new SymbolicShape(5, 3), [7]));

    [Theory]
    [InlineData("2", new[] { 2, 2 }, new[] { 2, 2 })]
    [InlineData("[1, 2]", new[] { 1, 2 }, new[] { 1, 2 })]
    [InlineData("[[1, 2], [3, 4]]", new[] { 1, 3 }, new[] { 2, 4 })]
    public void Paddings_are_a_number_or_numbers_or_pairs(string padding, int[] before, int[] after)
    {
        Tensor x = LayerRun.Floats([1], 1, 1, 1, 1);
        Tensor y = LayerRun.Of(LayerRun.Make("ZeroPadding2D", $$"""{"padding": {{padding}}, "data_format": "channels_last"}"""), x);
        Assert.Equal(new Shape(1, before[0] + 1 + after[0], before[1] + 1 + after[1], 1), y.Shape);
        Assert.Equal(1, y.As<float>()[0, before[0], before[1], 0]);
    }

    [Theory]
    [InlineData("Cropping1D", """{"cropping": [1, 2]}""", new[] { 1, 6, 1 }, new[] { 1, 3, 1 })]
    [InlineData("UpSampling1D", """{"size": 3}""", new[] { 1, 2, 4 }, new[] { 1, 6, 4 })]
    [InlineData("RepeatVector", """{"n": 3}""", new[] { 2, 4 }, new[] { 2, 3, 4 })]
    [InlineData("Permute", """{"dims": [3, 1, 2]}""", new[] { 1, 2, 3, 4 }, new[] { 1, 4, 2, 3 })]
    [InlineData("Reshape", """{"target_shape": [-1, 2]}""", new[] { 1, 2, 3, 4 }, new[] { 1, 12, 2 })]
    [InlineData("Flatten", """{"data_format": "channels_first"}""", new[] { 1, 2, 3, 4 }, new[] { 1, 24 })]
    [InlineData("Flatten", """{}""", new[] { 3 }, new[] { 3, 1 })]
    [InlineData("AdaptiveMaxPooling2D", """{"output_size": [2, 3]}""", new[] { 1, 5, 7, 2 }, new[] { 1, 2, 3, 2 })]
    [InlineData("MaxPooling2D", """{"padding": "same", "strides": 3}""", new[] { 1, 7, 8, 2 }, new[] { 1, 3, 3, 2 })]
    [InlineData("MaxPooling2D", """{"padding": "same_theano", "pool_size": 3, "strides": 2}""", new[] { 1, 7, 8, 2 }, new[] { 1, 4, 4, 2 })]
    [InlineData("GlobalMaxPooling2D", """{"data_format": "channels_first", "keepdims": true}""", new[] { 2, 3, 4, 5 }, new[] { 2, 3, 1, 1 })]
    public void Layers_without_weights_have_the_shapes_of_Keras(string layer, string config, int[] input, int[] expected)
    {
        var shape = new Shape(input);
        Assert.Equal(new Shape(expected), LayerRun.Of(LayerRun.Make(layer, config), LayerRun.Floats(new float[shape.ElementCount], input)).Shape);
    }

    [Fact]
    public void A_convolution_takes_more_than_one_batch_axis()
    {
        Layer layer = LayerRun.Make("Conv1D", """{"filters": 1, "kernel_size": [2], "use_bias": false, "data_format": "channels_last"}""");
        Tensor y = LayerRun.Of(layer, LayerRun.Floats([1, 2, 3, 4, 5, 6], 1, 2, 3, 1), LayerRun.Floats([1, 2], 2, 1, 1));
        Assert.Equal(new Shape(1, 2, 2, 1), y.Shape);
        LayerRun.Close([5, 8, 14, 17], y);
    }

    [Fact]
    public void Locally_connected_windows_are_those_of_the_example_in_Keras()
    {
        // conv_utils.conv_kernel_idxs: input (2, 2), kernel (2, 1), stride 1, valid, one channel, one filter.
        var windows = new LocalWindows([2, 2], 1, 1, [2, 1], [1, 1], same: false, channelsFirst: false);
        Assert.Equal([(0, 0), (0, 2), (1, 1), (1, 3)], windows.Pairs());
    }

    [Fact]
    public void Locally_connected_masks_are_those_of_the_example_in_Keras()
    {
        // conv_utils.conv_kernel_mask: input (4), kernel (2), stride 1, valid.
        var windows = new LocalWindows([4], 1, 1, [2], [1], same: false, channelsFirst: false);
        LayerRun.Close([1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1], windows.Mask());
    }

    [Fact]
    public void A_key_nobody_reads_is_refused_unless_it_is_neutral()
    {
        Assert.NotNull(LayerRun.Make("Flatten", """{"flavour": null}"""));
        var error = Assert.Throws<UnsupportedModelException>(() => LayerRun.Make("Flatten", """{"flavour": "mint"}"""));
        Assert.Contains("flavour", error.Message, StringComparison.Ordinal);
    }
}

using KerasCompat.Runtime;

namespace KerasCompat.Layers.Tests;

/// <summary>Image layers whose meaning in some versions no case shows.</summary>
public class ImageLayerTests
{
    /// <summary>Keras 3.6 and 3.7 start where the middle of the target's proportions starts, and take as much as the target has.</summary>
    [Theory]
    [InlineData(4, 6, 2, 2, new double[] { 1, 2, 7, 8 })]
    [InlineData(2, 3, 4, 2, new[] { 1, 2, 1.75, 2.75, 3.25, 4.25, 4, 5 })]
    [InlineData(2, 2, 2, 2, new double[] { 0, 1, 2, 3 })]
    public void RandomCrop_of_Keras_3_6_cuts_off_the_middle_and_resizes_what_is_too_small(int height, int width, int toHeight, int toWidth, double[] expected)
    {
        Layer crop = LayerRun.Make("RandomCrop", $$"""{"height": {{toHeight}}, "width": {{toWidth}}, "data_format": "channels_last", "at_inference": "crop_and_resize"}""");
        Tensor image = LayerRun.Floats([.. Enumerable.Range(0, height * width).Select(i => (float)i)], 1, height, width, 1);
        LayerRun.Close(expected, LayerRun.Of(crop, image));
    }
}

using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The keys that Conv, DepthwiseConv and SeparableConv read alike.</summary>
/// <param name="KernelSize">The window, one number an axis.</param>
/// <param name="Strides">Steps of the window; 1.</param>
/// <param name="Dilations">Distances between a window's elements; 1.</param>
/// <param name="Padding">Keras's <c>valid</c>, <c>same</c>, <c>causal</c>, or one of Theano's.</param>
/// <param name="ChannelsFirst">Whether channels are axis 1 of the layer's input and output.</param>
/// <param name="UseBias">Whether there is a bias; true.</param>
/// <param name="Activation">What is applied at the end.</param>
internal sealed record ConvolutionSettings(
    int[] KernelSize, int[] Strides, int[] Dilations, Padding Padding, bool ChannelsFirst, bool UseBias, ActivationFunction Activation)
{
    /// <param name="config">The layer's config.</param>
    /// <param name="rank">The number of spatial axes.</param>
    public static ConvolutionSettings Read(LayerConfig config, int rank)
    {
        int[] kernelSize = config.Ints("kernel_size", rank);
        int[] strides = config.Ints("strides", rank, 1);
        int[] dilations = config.Ints("dilation_rate", rank, 1);
        return new ConvolutionSettings(
            kernelSize, strides, dilations, WindowPadding.OfConvolution(config, kernelSize, dilations), config.ChannelsFirst(),
            config.Bool("use_bias", true), ActivationFunction.Read(config, "activation"));
    }
}

using KerasCompat.Runtime;

namespace KerasCompat.Dialects;

/// <summary>The named conversions from a layer's arrays as a generation stored them to the canonical ones.</summary>
/// <remarks>A layer's canonical config lists those that its arrays need in <c>weight_layout</c>, in order. Conversions leave alone what is
/// already canonical. Shapes below are numpy's; <c>u</c> is the layer's units, <c>d</c> its input depth, <c>f</c> its filters.</remarks>
internal static class WeightLayouts
{
    /// <summary>Keras 1's LSTM by gate, <c>W U b</c> of input, cell, forget, output: kernel, recurrent kernel and bias of input, forget, cell, output.</summary>
    public const string Keras1Lstm = "keras1_lstm";

    /// <summary>Keras 1's GRU by gate, <c>W U b</c> of update, reset, new: kernel, recurrent kernel, bias in that order.</summary>
    public const string Keras1Gru = "keras1_gru";

    /// <summary>Keras 1's one-dimensional kernel in two dimensions, <c>(k, 1, d, f)</c> or, up to 1.0.8, <c>(f, d, k, 1)</c>: <c>(k, d, f)</c>.</summary>
    public const string Keras1Conv1D = "keras1_conv1d";

    /// <summary>The standard deviation that BatchNormalization held up to Keras 1.0.5: the variance that gives the same output. Its epsilon follows a colon.</summary>
    public const string Keras1RunningStd = "keras1_running_std";

    /// <summary>Keras 1's kernels under channels_first, <c>(f, d, space…)</c>: <c>(space…, d, f)</c>.</summary>
    public const string ChannelsFirstKernels = "channels_first_kernels";

    /// <summary>The first kernel's last two axes change places: Keras 1's transposed convolution has filters last.</summary>
    public const string SwappedChannels = "swapped_channels";

    /// <summary>Theano's kernels: every spatial axis runs the other way.</summary>
    public const string FlippedKernels = "flipped_kernels";

    /// <summary>A kernel of rank 4 whose shape is not the layer's and is after a transposition by (3, 2, 0, 1).</summary>
    public const string KernelByShape = "kernel_by_shape";

    /// <summary>An LSTM whose bias has 8u elements is cuDNN's: gates' kernels in cuDNN's order, recurrent kernels transposed, two biases to add.</summary>
    public const string CudnnLstm = "cudnn_lstm";

    /// <summary>A GRU whose bias is a vector of 6u elements is cuDNN's.</summary>
    public const string CudnnGru = "cudnn_gru";

    /// <summary>
    /// The GRU of Keras 2.0.0 and 2.0.1 that made the new state of the reset gate's input and added its own bias to that gate's: the kernel's last block is
    /// the reset gate's, the bias's the sum of both.
    /// </summary>
    /// <remarks><c>x_h = K.bias_add(x_r, self.bias_h)</c> in GRU.step, implementation 1; from 2.0.2 on it reads x_h.</remarks>
    public const string ResetForNewGru = "reset_for_new_gru";

    private static readonly Dictionary<string, WeightConversion> Conversions = new()
    {
        [Keras1Lstm] = new(stored => GateArrays.Join(stored, [0, 2, 1, 3])) { StoredCount = _ => 12 },
        [Keras1Gru] = new(stored => GateArrays.Join(stored, [0, 1, 2])) { StoredCount = _ => 9 },
        [Keras1Conv1D] = new((stored, shapes) => KernelForms.OneDimensional(stored, shapes)),
        [ChannelsFirstKernels] = new(stored => KernelForms.Each(stored, KernelForms.FromChannelsFirst)),
        [SwappedChannels] = new(stored => KernelForms.At(stored, 0, KernelForms.SwapChannels)),
        [FlippedKernels] = new(stored => KernelForms.Each(stored, KernelForms.Flip)),
        [KernelByShape] = new((stored, shapes) => KernelForms.ByShape(stored, shapes)),
        [ResetForNewGru] = new(GateArrays.ResetForNew),
        [CudnnLstm] = new((stored, shapes) => CudnnArrays.Lstm(stored, shapes)),
        [CudnnGru] = new((stored, shapes) => CudnnArrays.Gru(stored, shapes)),
    };

    /// <summary>Every name that may stand in a <c>weight_layout</c>.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. Conversions.Keys, Keras1RunningStd];

    /// <summary>How many stored arrays become so many after a conversion.</summary>
    /// <param name="layout">A name of the layer's <c>weight_layout</c>.</param>
    /// <param name="canonicalCount">The number of arrays after it.</param>
    /// <exception cref="ArgumentException">No layout has such a name.</exception>
    public static int StoredCount(string layout, int canonicalCount) => canonicalCount == 0 ? 0 : Conversion(layout).StoredCount(canonicalCount);

    /// <summary>Converts a layer's stored arrays.</summary>
    /// <param name="layouts">The layer's <c>weight_layout</c>.</param>
    /// <param name="stored">Its arrays in the file's order.</param>
    /// <param name="canonicalShapes">The shapes of its canonical arrays.</param>
    /// <returns>The canonical arrays. Their shapes are not checked here.</returns>
    /// <exception cref="ArgumentException">No layout has such a name, or the arrays are none that it could have.</exception>
    public static IReadOnlyList<Tensor> Convert(IReadOnlyList<string> layouts, IReadOnlyList<Tensor> stored, IReadOnlyList<Shape> canonicalShapes)
    {
        ArgumentNullException.ThrowIfNull(layouts);
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(canonicalShapes);
        return layouts.Aggregate(stored, (arrays, layout) => Conversion(layout).Convert(arrays, canonicalShapes));
    }

    private static WeightConversion Conversion(string layout)
    {
        string[] parts = layout.Split(':', 2);
        if (parts[0] == Keras1RunningStd && parts.Length == 2)
        {
            double epsilon = double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            return new WeightConversion(stored => KernelForms.At(stored, 3, deviation => RunningDeviation.ToVariance(deviation, epsilon)));
        }

        return Conversions.GetValueOrDefault(layout) ?? throw new ArgumentException($"No weight layout is called '{layout}'.", nameof(layout));
    }
}

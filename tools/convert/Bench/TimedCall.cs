using KerasCompat.Runtime;

namespace KerasCompat.Convert.Bench;

/// <summary>A prediction to be timed.</summary>
internal static class TimedCall
{
    /// <summary>The way of a caller in a hurry: spans where the model has one float32 input and one float32 output, else tensors.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">The inputs, of its types.</param>
    /// <param name="outputs">What it gives for them.</param>
    public static Action Of(KerasModel model, Tensor[] inputs, Tensor[] outputs)
    {
        if (inputs is not [Tensor<float> input] || outputs is not [Tensor<float> first])
        {
            return () => model.Predict(inputs);
        }

        var output = new float[first.Length];
        return () => model.Predict(input.Span, input.Shape, output);
    }

    /// <summary>Managed bytes that a call allocates: of three calls the one that allocated least, because the runtime's own threads allocate now and then.</summary>
    public static long Allocated(Action call) => Enumerable.Range(0, 3).Min(_ =>
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        call();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    });
}

using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>The functions that ONNX's recurrent operators know.</summary>
internal static class RecurrentActivations
{
    /// <summary>ONNX's name of a function and its numbers, or null where it has none.</summary>
    public static (string Name, double Alpha, double Beta)? Find(Op? op) => op switch
    {
        null => ("Affine", 1, 0),
        Tanh => ("Tanh", 0, 0),
        Sigmoid => ("Sigmoid", 0, 0),
        Relu => ("Relu", 0, 0),
        Softsign => ("Softsign", 0, 0),
        Softplus => ("Softplus", 0, 0),
        HardSigmoid hard => ("HardSigmoid", hard.Alpha, hard.Beta),
        LeakyRelu leaky => ("LeakyRelu", leaky.Alpha, 0),
        Elu elu => ("Elu", elu.Alpha, 0),
        ThresholdedRelu thresholded => ("ThresholdedRelu", thresholded.Alpha, 0),
        _ => null,
    };

    /// <summary>The attributes that name an operator's functions.</summary>
    public static (string, object)[] Attributes(IReadOnlyList<Op?> functions, IReadOnlyList<string> defaults)
    {
        (string Name, double Alpha, double Beta)[] found = [.. functions.Select(f => Find(f)!.Value)];
        return found.Select(f => f.Name).SequenceEqual(defaults)
            ? []
            :
            [
                ("activations", found.Select(f => f.Name)),
                ("activation_alpha", found.Select(f => f.Alpha)),
                ("activation_beta", found.Select(f => f.Beta)),
            ];
    }
}

using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>The functions that ONNX's recurrent operators know.</summary>
internal static class RecurrentActivations
{
    /// <summary>ONNX's name of a function and its numbers, or null where it has none.</summary>
    public static (string Name, double[] Alpha, double[] Beta)? Find(Op? op) => op switch
    {
        null => ("Affine", [1], [0]),
        Tanh => ("Tanh", [], []),
        Sigmoid => ("Sigmoid", [], []),
        Relu => ("Relu", [], []),
        Softsign => ("Softsign", [], []),
        Softplus => ("Softplus", [], []),
        HardSigmoid hard => ("HardSigmoid", [hard.Alpha], [hard.Beta]),
        LeakyRelu leaky => ("LeakyRelu", [leaky.Alpha], []),
        Elu elu => ("Elu", [elu.Alpha], []),
        ThresholdedRelu thresholded => ("ThresholdedRelu", [thresholded.Alpha], []),
        _ => null,
    };

    /// <summary>The attributes that name an operator's functions. Numbers are given for those functions alone that take them.</summary>
    public static (string, object)[] Attributes(IReadOnlyList<Op?> functions, IReadOnlyList<string> defaults)
    {
        (string Name, double[] Alpha, double[] Beta)[] found = [.. functions.Select(f => Find(f)!.Value)];
        return found.Select(f => f.Name).SequenceEqual(defaults)
            ? []
            :
            [
                ("activations", found.Select(f => f.Name)),
                ("activation_alpha", found.SelectMany(f => f.Alpha)),
                ("activation_beta", found.SelectMany(f => f.Beta)),
            ];
    }
}

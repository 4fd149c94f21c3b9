using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Which nodes belong to the part of a model that turns texts, or what is hashed like texts, into numbers.</summary>
internal static class TextOperators
{
    /// <summary>What to do with a model whose text operators ONNX lacks.</summary>
    public const string Remedy = "convert --split-preprocessing writes the numeric model, and prints the C# lines for the part that reads texts";

    /// <summary>True for a node that reads texts, gives them, or hashes numbers as if they were texts.</summary>
    public static bool Has(Node node) => node.Op is HashCross || node.Inputs.OfType<Value>().Concat(node.Outputs).Any(v => v.DType == DType.String);
}

namespace KerasCompat.Onnx.Model;

/// <summary>Operator sets beside ONNX's own.</summary>
internal static class OnnxDomain
{
    /// <summary>Tables and trees: LabelEncoder is there.</summary>
    public const string MachineLearning = "ai.onnx.ml";

    /// <summary>The version written.</summary>
    public const int MachineLearningVersion = 2;
}

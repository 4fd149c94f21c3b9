using KerasCompat.Onnx;

namespace KerasCompat.Convert.Export;

/// <summary>What <c>convert IN OUT…</c> was asked to do.</summary>
/// <param name="Input">The model's file.</param>
/// <param name="Weights">A second file with the weights, if any.</param>
/// <param name="Outputs">The files to write.</param>
/// <param name="Onnx">How ONNX is written.</param>
internal sealed record ExportRequest(string Input, string? Weights, IReadOnlyList<string> Outputs, OnnxExportOptions Onnx)
{
    /// <summary>Sizes given for good: <c>INPUT=1,224,224,3</c> or <c>SYMBOL=80</c>.</summary>
    public IReadOnlyList<string> FixedShapes { get; init; } = [];

    /// <summary>Whether ONNX weights go into a second file.</summary>
    public bool ExternalData { get; init; }

    /// <summary>Whether ONNX files hold the numeric part of the model alone, and the part that reads texts goes into a file beside each.</summary>
    public bool SplitPreprocessing { get; init; }

    /// <summary>Whether a written ONNX file is run and compared; null for: where ONNX Runtime is there.</summary>
    public bool? Verify { get; init; }

    /// <summary>How many random inputs with their outputs are stored in the file.</summary>
    public int SelfChecks { get; init; }

    /// <summary>A vectors file of what Keras computed; inputs are drawn where there is none.</summary>
    public string? Vectors { get; init; }
}

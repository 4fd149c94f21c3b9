using KerasCompat.OnnxRuntime;

namespace KerasCompat.Onnx.Tests;

/// <summary>A test that needs ONNX Runtime; skipped, with the reason, where it is not there.</summary>
internal sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    public OnnxRuntimeFactAttribute() => Skip = OnnxRuntimeLibrary.Reason;
}

/// <inheritdoc cref="OnnxRuntimeFactAttribute"/>
internal sealed class OnnxRuntimeTheoryAttribute : TheoryAttribute
{
    public OnnxRuntimeTheoryAttribute() => Skip = OnnxRuntimeLibrary.Reason;
}

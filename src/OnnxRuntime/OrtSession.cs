using System.Runtime.InteropServices;

namespace KerasCompat.OnnxRuntime;

/// <summary>A native session and the names it is run with, kept while a call runs on it, whoever disposes it meanwhile.</summary>
internal sealed class OrtSession(nint session, IEnumerable<string> inputNames, IEnumerable<string> outputNames) : SafeHandle(session, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    /// <summary>The inputs' names, as UTF-8 that ends in a zero.</summary>
    public nint[] InputNames { get; } = [.. inputNames.Select(Marshal.StringToCoTaskMemUTF8)];

    /// <summary>The outputs' names, likewise.</summary>
    public nint[] OutputNames { get; } = [.. outputNames.Select(Marshal.StringToCoTaskMemUTF8)];

    protected override bool ReleaseHandle()
    {
        OnnxRuntimeLibrary.Api.ReleaseSession(handle);
        Array.ForEach([.. InputNames, .. OutputNames], Marshal.FreeCoTaskMem);
        return true;
    }
}

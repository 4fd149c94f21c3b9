using System.Runtime.InteropServices;

namespace KerasCompat.OnnxRuntime;

/// <summary>A native session, kept while a call runs on it, whoever disposes it meanwhile.</summary>
internal sealed class OrtSession(nint session) : SafeHandle(session, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        OnnxRuntimeLibrary.Api.ReleaseSession(handle);
        return true;
    }
}

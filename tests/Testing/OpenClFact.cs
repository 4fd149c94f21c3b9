using KerasCompat.Runtime.OpenCl;

namespace KerasCompat.Testing;

/// <summary>A test that needs an OpenCL device; skipped, with the reason, where there is none.</summary>
public sealed class OpenClFactAttribute : FactAttribute
{
    public OpenClFactAttribute() => Skip = OpenClDevice.Reason;
}

/// <summary>A test that needs CLBlast besides.</summary>
public sealed class ClBlastFactAttribute : FactAttribute
{
    public ClBlastFactAttribute() => Skip = OpenClDevice.Reason ?? ClBlastLibrary.Reason;
}

/// <summary>The same for several cases.</summary>
public sealed class OpenClTheoryAttribute : TheoryAttribute
{
    public OpenClTheoryAttribute() => Skip = OpenClDevice.Reason;
}

namespace KerasCompat.Shipping.Tests;

/// <summary>A theory about what only a build for release does: sources in the symbols, paths without the machine's folders.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReleaseTheoryAttribute : TheoryAttribute
{
    public ReleaseTheoryAttribute() => Skip = Processes.Configuration == "Release" ? null : "only a Release build is shipped; run with -c Release";
}

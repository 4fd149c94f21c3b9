using System.ComponentModel;
using System.Diagnostics;
using KerasCompat.Testing;

namespace KerasCompat.Convert.Tests;

/// <summary>A theory that mounts a small file system for one process; skipped, with the reason, where that cannot be done: off Linux, and where user namespaces are not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<string?> Reason = new(Tried);

    public MountTheoryAttribute() => Skip = Reason.Value;

    private static string? Tried()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "a full disk is made by a mount of Linux";
        }

        using var folder = new TemporaryFolder();
        try
        {
            using Process mount = Process.Start(new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", folder.Path]) { RedirectStandardError = true })!;
            string said = mount.StandardError.ReadToEnd();
            mount.WaitForExit();
            return mount.ExitCode == 0 ? null : $"no file system may be mounted here: {said.Trim()}";
        }
        catch (Win32Exception e)
        {
            return $"unshare cannot be run: {e.Message}";
        }
    }
}

/// <summary>A theory that sends signals; skipped where the system has none to send.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SignalTheoryAttribute : TheoryAttribute
{
    public SignalTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows has no command that sends a signal" : null;
}

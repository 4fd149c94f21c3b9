using System.Runtime.InteropServices;

namespace KerasCompat.Convert.Commands;

/// <summary>Ctrl+C and SIGTERM: work stops at the next step and takes its unfinished files away; a second one ends the process at once.</summary>
internal static class Interruption
{
    private static readonly CancellationTokenSource Source = new();

    /// <summary>Kept alive as long as the process.</summary>
    private static readonly PosixSignalRegistration[] Registrations =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];

    /// <summary>Asks to stop.</summary>
    public static CancellationToken Token => Registrations.Length > 0 ? Source.Token : default;

    private static void Stop(PosixSignalContext context)
    {
        context.Cancel = !Source.IsCancellationRequested;
        Source.Cancel();
    }
}

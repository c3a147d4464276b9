"""Which folders lie on other machines: their systems do not tell what others change there."""

from pathlib import Path

# As /proc/mounts and their like name them; those of FUSE begin with "fuse.".
_REMOTE = frozenset(
    (
        *("9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "glusterfs"),
        *("lustre", "ncpfs", "nfs", "nfs3", "nfs4", "smb", "smb2", "smb3", "smbfs", "vboxsf"),
        *("virtiofs", "vmhgfs", "webdav"),
    )
)
_REMOTE_FUSE = ("fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.davfs", "fuse.gvfsd", "fuse.smb")


def is_remote(folder: Path) -> bool:
    """Whether a folder lies on a share of the network, as far as the system says."""
    import psutil

    text = str(folder)
    if text.startswith("\\\\"):  # a share of Windows by its name
        return True
    kinds = {Path(disk.mountpoint): disk.fstype for disk in psutil.disk_partitions(all=True)}
    place = next((up for up in (folder, *folder.parents) if up in kinds), None)
    return place is not None and of_network(kinds[place])


def of_network(kind: str) -> bool:
    """Whether a file system of this kind lies on another machine.

    >>> of_network("nfs4"), of_network("fuse.sshfs"), of_network("ext4"), of_network("fuse.ntfs")
    (True, True, False, False)
    """
    name = kind.lower()
    return name in _REMOTE or name.startswith(_REMOTE_FUSE)
